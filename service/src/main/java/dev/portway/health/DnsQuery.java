package dev.portway.health;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Queries by dnsjava, which a program that embeds the proxy may be without (decision 201). Immutable. */
final class DnsQuery {

    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final Duration TRY_LIMIT = Duration.ofMillis(1300);

    private final @Nullable InetSocketAddress server;

    DnsQuery(@Nullable InetSocketAddress server) {
        this.server = server;
    }

    InetAddress[] addressesOf(String host) throws UnknownHostException {
        List<InetAddress> found = new ArrayList<>();
        UnknownHostException unknown = null;
        try {
            for (Record record : ask(host, Type.A)) {
                found.add(((ARecord) record).getAddress());
            }
        } catch (UnknownHostException e) {
            unknown = e;
        }
        try {
            for (Record record : ask(host, Type.AAAA)) {
                found.add(((AAAARecord) record).getAddress());
            }
        } catch (UnknownHostException e) {
            unknown = e;
        }
        if (found.isEmpty() && unknown != null) {
            throw unknown;
        }
        return found.toArray(InetAddress[]::new);
    }

    List<ServiceRecord> servicesOf(String name) throws UnknownHostException {
        List<ServiceRecord> records = ask(name, Type.SRV).stream()
                .map(record -> ServiceRecord.of((SRVRecord) record))
                .filter(Objects::nonNull)
                .toList();
        if (records.isEmpty()) {
            throw new UnknownHostException("DNS says of " + name + " that nobody serves it");
        }
        return records;
    }

    private List<Record> ask(String name, int type) throws UnknownHostException {
        try {
            return LookupSession.builder()
                    .resolver(resolver())
                    .build()
                    .lookupAsync(Name.fromString(name, Name.root), type)
                    .toCompletableFuture()
                    .join()
                    .getRecords();
        } catch (TextParseException e) {
            throw unknown(name, type, e);
        } catch (CompletionException e) {
            throw unknown(name, type, Failures.unwrap(e));
        }
    }

    private Resolver resolver() {
        if (server == null) {
            ResolverConfig.refresh(); // the machine may have come to another network
        }
        ExtendedResolver resolver = server == null
                ? new ExtendedResolver()
                : new ExtendedResolver(new Resolver[] {new SimpleResolver(server)});
        resolver.setTimeout(LIMIT);
        for (Resolver one : resolver.getResolvers()) {
            one.setTimeout(TRY_LIMIT);
        }
        return resolver;
    }

    private static UnknownHostException unknown(String name, int type, Throwable why) {
        String reason;
        if (why instanceof NoSuchDomainException) {
            reason = "does not know " + name;
        } else if (why instanceof NoSuchRRSetException) {
            reason = "has no " + Type.string(type) + " record of " + name;
        } else {
            reason = "does not answer for " + name + ": " + Failures.describe(why);
        }
        UnknownHostException unknown = new UnknownHostException("DNS " + reason);
        unknown.initCause(why);
        return unknown;
    }
}
