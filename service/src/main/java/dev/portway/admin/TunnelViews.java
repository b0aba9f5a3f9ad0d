package dev.portway.admin;

import dev.portway.api.TunnelView;
import dev.portway.tunnel.Tunnel;
import dev.portway.tunnel.TunnelSubject;
import dev.portway.tunnel.Tunnels;
import java.util.Comparator;
import java.util.List;

/** Tunnels as they go over the wire. */
final class TunnelViews {

    private TunnelViews() {}

    /** Those that are open, the oldest first. */
    static List<TunnelView> of(Tunnels tunnels) {
        return tunnels.open().stream()
                .map(TunnelViews::of)
                .sorted(Comparator.comparing(TunnelView::since).thenComparing(TunnelView::id))
                .toList();
    }

    private static TunnelView of(Tunnel tunnel) {
        TunnelSubject subject = tunnel.subject();
        return new TunnelView(
                tunnel.id(),
                subject.kind(),
                subject.routeId(),
                subject.backend(),
                subject.client(),
                tunnel.since(),
                tunnel.bytesIn(),
                tunnel.bytesOut());
    }
}
