package dev.portway.cli;

/** Starts the proxy. Implemented where everything is wired together. */
@FunctionalInterface
public interface ProxyStarter {

    /**
     * Starts both listeners and returns once they accept connections.
     *
     * @param request what to start; its document has no errors
     * @throws Exception where it does not start; a {@link java.net.BindException} somewhere among the causes means that
     *     a port could not be had
     */
    RunningProxy start(StartRequest request) throws Exception;
}
