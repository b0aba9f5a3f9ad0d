package dev.portway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Holds the layer table of the architecture page: a package imports only from packages above it. */
@AnalyzeClasses(packages = "dev.portway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** From the top, which imports nothing, to the bottom, which may import everything. */
    private static final List<String> LAYERS = List.of(
            "config",
            "upstream",
            "routing",
            "health",
            "exchange",
            "transport",
            "observe",
            "policy",
            "tunnel",
            "forward",
            "admin",
            "server",
            "cli");

    @ArchTest
    static void importsOnlyFromPackagesAbove(JavaClasses classes) {
        for (int i = 0; i < LAYERS.size(); i++) {
            String[] below = Stream.concat(
                            LAYERS.subList(i + 1, LAYERS.size()).stream().map(ArchitectureTest::packages),
                            Stream.of("dev.portway"))
                    .toArray(String[]::new);

            noClasses()
                    .that()
                    .resideInAPackage(packages(LAYERS.get(i)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(below)
                    .as(LAYERS.get(i) + " should import only from packages above it")
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_IN_THE_TABLE = classes()
            .that()
            .resideInAPackage("dev.portway..")
            .should()
            .resideInAnyPackage(Stream.concat(
                            LAYERS.stream().map(ArchitectureTest::packages),
                            Stream.of("dev.portway", "dev.portway.api..", "dev.portway.client.."))
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.portway.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule DECISIONS_ARE_FREE_OF_THE_WIRE = noClasses()
            .that()
            .resideInAnyPackage(packages("config"), packages("upstream"), packages("routing"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.eclipse.jetty..", "jakarta.ws.rs..", "jakarta.servlet..", "org.glassfish.jersey..");

    @ArchTest
    static final ArchRule REST_STAYS_IN_ADMIN = noClasses()
            .that(are(not(resideInAPackage(packages("admin")))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..");

    @ArchTest
    static final ArchRule THE_CLIENT_KNOWS_NOTHING_OF_THE_SERVICE = noClasses()
            .that()
            .resideInAnyPackage("dev.portway.api..", "dev.portway.client..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.portway..")
                    .and(not(resideInAnyPackage("dev.portway.api..", "dev.portway.client.."))));

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NAMES = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..impl..");

    @ArchTest
    static final ArchRule CLASSES_HAVE_NAMES = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl");

    @ArchTest
    static final ArchRule NULL_IS_MARKED = classes()
            .that()
            .resideInAPackage("dev.portway.*..")
            .should(be(describe(
                    "in a package that is @NullMarked",
                    type -> type.getPackage().isAnnotatedWith(NullMarked.class))));

    private static String packages(String layer) {
        return "dev.portway." + layer + "..";
    }
}
