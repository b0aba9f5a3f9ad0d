package dev.portway.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portway.config.ConfigDocument;
import dev.portway.config.NamedFiles;
import dev.portway.config.Problem;
import dev.portway.config.RouteDraft;
import dev.portway.config.UnwritableRouteException;
import dev.portway.config.WrittenRoute;
import dev.portway.routing.EditRefusedException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What an edit makes of a document; decides whether it may, and changes nothing itself. Immutable. */
final class RouteEditor {

    /** What the admin API adds to a route when it shows one; ignored when it comes back. */
    private static final List<String> READ_ONLY = List.of("source", "status", "lease");

    private static final String PLACEHOLDER = "${";

    private final BiFunction<String, NamedFiles, ConfigDocument> reader;

    /**
     * An editor of one file.
     *
     * @param reader what the file would say if it had a text that may name these files
     */
    RouteEditor(BiFunction<String, NamedFiles, ConfigDocument> reader) {
        this.reader = reader;
    }

    /**
     * What came of an edit.
     *
     * @param document the next one; the one given, where nothing is to be changed
     */
    record Edited(ConfigDocument document, EditResult result) {}

    /** @param revision of the list that is in force, which {@code document} has the file's part of */
    Edited edit(ConfigDocument document, String revision, RouteEdit edit, Precondition precondition)
            throws EditRefusedException {
        if (edit instanceof RouteEdit.Add add) {
            requireMatch(precondition, revision, "the routes have");
            return add(document, add, precondition);
        }
        if (edit instanceof RouteEdit.Put put) {
            return put(document, put, precondition);
        }
        if (edit instanceof RouteEdit.Patch patch) {
            return patch(document, patch, precondition);
        }
        return remove(document, (RouteEdit.Remove) edit, precondition);
    }

    private Edited add(ConfigDocument document, RouteEdit.Add add, Precondition precondition)
            throws EditRefusedException {
        List<ObjectNode> bodies = add.routes();
        List<ObjectNode> routes = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            routes.add(taken(bodies.get(i), bodies.size() == 1 ? "" : "/" + i));
        }
        Reason ifTaken = precondition.ifNoneMatchAny() ? Reason.PRECONDITION_FAILED : Reason.CONFLICT;
        requireFree(document, routes, ifTaken);
        return routes.isEmpty() ? unchanged(document) : create(document, routes, add.ownProgram());
    }

    private Edited put(ConfigDocument document, RouteEdit.Put put, Precondition precondition)
            throws EditRefusedException {
        WrittenRoute existing = document.route(put.id()).orElse(null);
        requirePrecondition(precondition, put.id(), existing);
        ObjectNode route = named(taken(put.route(), ""), put.id());
        return existing == null ? create(document, List.of(route), false) : replace(document, existing, route);
    }

    private Edited patch(ConfigDocument document, RouteEdit.Patch patch, Precondition precondition)
            throws EditRefusedException {
        WrittenRoute existing = require(document, patch.id());
        requirePrecondition(precondition, patch.id(), existing);
        ObjectNode merged = MergePatch.apply(existing.json(), taken(patch.patch(), ""));
        return replace(document, existing, named(merged, patch.id()));
    }

    private Edited remove(ConfigDocument document, RouteEdit.Remove remove, Precondition precondition)
            throws EditRefusedException {
        WrittenRoute existing = require(document, remove.id());
        requirePrecondition(precondition, remove.id(), existing);
        ConfigDocument next = read(document.removing(existing), NamedFiles.ANY);
        return new Edited(next, result(EditResult.Kind.REMOVED, existing));
    }

    private Edited create(ConfigDocument document, List<ObjectNode> routes, boolean ownProgram)
            throws EditRefusedException {
        RouteDraft draft;
        try {
            draft = document.adding(routes);
        } catch (UnwritableRouteException e) {
            throw unwritable(e);
        }
        ConfigDocument next =
                read(draft, ownProgram ? NamedFiles.ANY : NamedFiles.kept(draft.pointers(), MissingNode.getInstance()));
        List<EditResult.Change> changes = draft.pointers().stream()
                .map(pointer -> new EditResult.Change(EditResult.Kind.CREATED, at(next, pointer)))
                .toList();
        return new Edited(next, new EditResult(changes));
    }

    private Edited replace(ConfigDocument document, WrittenRoute existing, ObjectNode route)
            throws EditRefusedException {
        RouteDraft draft;
        try {
            draft = document.replacing(existing, route);
        } catch (UnwritableRouteException e) {
            throw unwritable(e);
        }
        if (draft.text().equals(document.text())) {
            return new Edited(document, result(EditResult.Kind.UNCHANGED, existing));
        }
        JsonNode before = document.read().tree().at(existing.pointer());
        ConfigDocument next = read(draft, NamedFiles.kept(draft.pointers(), before));
        WrittenRoute replaced = at(next, draft.pointers().get(0));
        List<Problem> strangers = Recipients.of(next, replaced).strangersTo(Recipients.of(document, existing));
        if (!strangers.isEmpty()) {
            throw invalid(strangers);
        }
        return new Edited(next, result(EditResult.Kind.REPLACED, replaced));
    }

    private static EditRefusedException unwritable(UnwritableRouteException e) {
        Problem problem = e.problem();
        return problem == null
                ? new EditRefusedException(Reason.CONFLICT, String.valueOf(e.getMessage()), List.of())
                : invalid(List.of(problem));
    }

    static EditRefusedException invalid(List<Problem> problems) {
        Problem first = problems.get(0);
        String more = problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)";
        return new EditRefusedException(Reason.INVALID, first.sentence() + more, problems);
    }

    /** The body without what is read-only. */
    static ObjectNode taken(ObjectNode body, String pointer) throws EditRefusedException {
        ObjectNode route = body.deepCopy();
        route.remove(READ_ONLY);
        List<Problem> problems = new ArrayList<>();
        findPlaceholders(route, pointer, problems);
        if (!problems.isEmpty()) {
            throw invalid(problems);
        }
        return route;
    }

    private static void findPlaceholders(JsonNode node, String pointer, List<Problem> problems) {
        if (node.isTextual() && node.textValue().contains(PLACEHOLDER)) {
            problems.add(
                    problem(
                            pointer,
                            "holds a placeholder, which only the file itself may (expected: the value; PATCH keeps those it leaves out)"));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            findPlaceholders(node.get(i), pointer + "/" + i, problems);
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String below = pointer + "/" + member.getKey().replace("~", "~0").replace("/", "~1");
            if (member.getKey().contains(PLACEHOLDER)) {
                problems.add(problem(below, "holds a placeholder, which only the file itself may (expected: a name)"));
            }
            findPlaceholders(member.getValue(), below, problems);
        }
    }

    /** The route with the id that it is asked for under. */
    static ObjectNode named(ObjectNode route, String id) throws EditRefusedException {
        JsonNode own = route.path("id");
        if (!own.isMissingNode() && !own.isNull() && !id.equals(own.textValue())) {
            String message = own + " is not the id of this route (expected: \"" + id + "\", or none)";
            throw invalid(List.of(new Problem(Problem.Severity.ERROR, "/id", own.toString(), message, 0, 0)));
        }
        ObjectNode named = JsonNodeFactory.instance.objectNode().put("id", id);
        route.remove("id");
        named.setAll(route);
        return named;
    }

    private static void requireFree(ConfigDocument document, List<ObjectNode> routes, Reason reason)
            throws EditRefusedException {
        Set<String> ids = new HashSet<>();
        for (WrittenRoute route : document.read().routes()) {
            ids.add(route.id());
        }
        for (ObjectNode route : routes) {
            JsonNode own = route.path("id");
            String id = own.isTextual()
                    ? own.textValue()
                    : ConfigDocument.madeId(route).orElse(null);
            if (id != null && !ids.add(id)) {
                String why = own.isTextual() ? "" : ", made from host and path,";
                String message = "the id \"" + id + "\"" + why + " is taken (expected: an \"id\" of its own)";
                throw new EditRefusedException(reason, message, List.of());
            }
        }
    }

    private static WrittenRoute require(ConfigDocument document, String id) throws EditRefusedException {
        return document.route(id)
                .orElseThrow(() ->
                        new EditRefusedException(Reason.NOT_FOUND, "there is no route \"" + id + "\"", List.of()));
    }

    static void requirePrecondition(Precondition precondition, String id, @Nullable WrittenRoute existing)
            throws EditRefusedException {
        if (existing != null && precondition.ifNoneMatchAny()) {
            throw failed("the route \"" + id + "\" exists already");
        }
        if (existing == null && precondition.ifMatch() != null) {
            throw failed("the route \"" + id + "\" does not exist");
        }
        if (existing != null) {
            requireMatch(precondition, existing.etag(), "the route \"" + id + "\" has");
        }
    }

    /** Of an edit of the list of routes, which there always is. */
    static void requireList(Precondition precondition, String revision) throws EditRefusedException {
        if (precondition.ifNoneMatchAny()) {
            throw failed("the list of routes exists already");
        }
        requireMatch(precondition, revision, "the routes have");
    }

    private static void requireMatch(Precondition precondition, String etag, String what) throws EditRefusedException {
        List<String> accepted = precondition.ifMatch();
        if (accepted != null && !accepted.contains("*") && !accepted.contains(etag)) {
            throw failed(what + " changed: the ETag is now " + etag);
        }
    }

    private static EditRefusedException failed(String message) {
        return new EditRefusedException(Reason.PRECONDITION_FAILED, message, List.of());
    }

    private ConfigDocument read(RouteDraft draft, NamedFiles files) throws EditRefusedException {
        ConfigDocument next = reader.apply(draft.text(), files);
        if (next.read().config() != null) {
            return next;
        }
        List<Problem> problems = next.read().errors().stream()
                .map(problem -> asOfBody(problem, draft.pointers(), next.read().tree()))
                .toList();
        throw invalid(problems);
    }

    /** Of a route concerned, the place in the body that was sent; the text it was found in is nobody's file. */
    private static Problem asOfBody(Problem problem, List<String> pointers, JsonNode written) {
        String pointer = problem.pointer();
        for (int i = 0; i < pointers.size(); i++) {
            if (pointer.equals(pointers.get(i)) || pointer.startsWith(pointers.get(i) + "/")) {
                boolean target =
                        pointer.equals(pointers.get(i)) && !written.at(pointer).isObject(); // its short form
                String within =
                        target ? "/target" : pointer.substring(pointers.get(i).length());
                pointer = pointers.size() == 1 ? within : "/" + i + within;
                break;
            }
        }
        return new Problem(problem.severity(), pointer, problem.value(), problem.message(), 0, 0);
    }

    private static Problem problem(String pointer, String message) {
        return new Problem(Problem.Severity.ERROR, pointer, null, message, 0, 0);
    }

    private static WrittenRoute at(ConfigDocument document, String pointer) {
        return document.read().routes().stream()
                .filter(route -> route.pointer().equals(pointer))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no route at " + pointer + " after writing one there"));
    }

    private static Edited unchanged(ConfigDocument document) {
        return new Edited(document, new EditResult(List.of()));
    }

    private static EditResult result(EditResult.Kind kind, WrittenRoute route) {
        return new EditResult(List.of(new EditResult.Change(kind, route)));
    }
}
