package dev.portway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ChannelCredentials;
import io.grpc.ForwardingServerBuilder;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** grpc-java's interop client and server with the proxy between them, in clear text and over TLS. */
final class GrpcInteropIT {

    /** All that pass without the proxy. */
    private static final List<String> CASES = List.of(
            "cancelAfterBegin",
            "cancelAfterFirstResponse",
            "clientStreaming",
            "customMetadata",
            "deadlineExceeded",
            "deadlineExceededServerStreaming",
            "deadlineInPast",
            "deadlineNotExceeded",
            "emptyStream",
            "emptyUnary",
            "emptyUnaryWithRetriableStream",
            "exchangeMetadataStreamingCall",
            "exchangeMetadataUnaryCall",
            "fullDuplexCallShouldSucceed",
            "getServerAddressAndLocalAddressFromClient",
            "gracefulShutdown",
            "halfDuplexCallShouldSucceed",
            "largeUnary",
            "maxInboundSize_exact",
            "maxInboundSize_tooBig",
            "maxOutboundSize_exact",
            "maxOutboundSize_tooBig",
            "pingPong",
            "sendsTimeoutHeader",
            "serverCompressedUnary",
            "serverStreaming",
            "serverStreamingShouldBeFlowControlled",
            "specialStatusMessage",
            "statusCodeAndMessage",
            "timeoutOnSleepingServer",
            "unimplementedMethod",
            "unimplementedService",
            "veryLargeRequest",
            "veryLargeResponse");

    /** Fails without the proxy as well: it needs the tracers of grpc-java's own build. */
    private static final String CENSUS = "censusContextsPropagated";

    private static ProxyHarness proxy;

    @BeforeAll
    static void start() {
        proxy = ProxyHarness.with(
                "\"tls\": {\"port\": 0, \"certificate\": \"%s\", \"key\": \"%s\"}"
                        .formatted(
                                TestCertificates.certificate(TestCertificates.LOCALHOST),
                                TestCertificates.key(TestCertificates.LOCALHOST)),
                "[]");
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    static Stream<Arguments> cases() {
        return CASES.stream().flatMap(name -> Arrays.stream(Wire.values()).map(wire -> Arguments.of(name, wire)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void passesThroughTheProxy(String name, Wire wire) throws Throwable {
        Interop interop = new Interop(wire);
        interop.setUp();
        try {
            AbstractInteropTest.class.getMethod(name).invoke(interop);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            interop.tearDown();
        }
    }

    @Test
    void leavesNoCaseOut() {
        assertThat(Arrays.stream(AbstractInteropTest.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(org.junit.Test.class))
                        .map(method -> method.getName()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(CASES.stream(), Stream.of(CENSUS)).toList());
    }

    /** What is spoken on both sides of the proxy. */
    enum Wire {
        CLEAR,
        TLS;

        ServerCredentials server() throws IOException {
            return this == CLEAR
                    ? InsecureServerCredentials.create()
                    : TlsServerCredentials.create(
                            TestCertificates.certificate(TestCertificates.LOCALHOST)
                                    .toFile(),
                            TestCertificates.key(TestCertificates.LOCALHOST).toFile());
        }

        ChannelCredentials client() throws IOException {
            return this == CLEAR
                    ? InsecureChannelCredentials.create()
                    : TlsChannelCredentials.newBuilder()
                            .trustManager(TestCertificates.authority().toFile())
                            .build();
        }

        String route(int port) {
            return this == CLEAR
                    ? "{\"target\": \"h2c://127.0.0.1:" + port + "\"}"
                    : "{\"target\": \"h2://127.0.0.1:" + port + "\", \"tls\": {\"pin\": \""
                            + TestCertificates.pin(TestCertificates.LOCALHOST) + "\"}}";
        }
    }

    /** The client and the server of grpc-java, with the proxy between them. */
    private static final class Interop extends AbstractInteropTest {
        private final Wire wire;
        private @Nullable Built server;

        Interop(Wire wire) {
            this.wire = wire;
        }

        @Override
        protected ServerBuilder<?> getServerBuilder() {
            try {
                Built built = new Built(NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), wire.server())
                        .flowControlWindow(TEST_FLOW_CONTROL_WINDOW)
                        .maxInboundMessageSize(MAX_MESSAGE_SIZE)
                        .addStreamTracerFactory(createCustomCensusTracerFactory()));
                server = built;
                return built;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        protected ManagedChannelBuilder<?> createChannelBuilder() {
            try {
                assertThat(proxy.admin(
                                        "PUT",
                                        "/routes/grpc",
                                        wire.route(requireNonNull(server).port()))
                                .statusCode())
                        .isIn(200, 201);
                int of = wire == Wire.CLEAR
                        ? proxy.proxy().getPort()
                        : proxy.tls().getPort();
                return NettyChannelBuilder.forAddress("127.0.0.1", of, wire.client())
                        .flowControlWindow(TEST_FLOW_CONTROL_WINDOW)
                        .maxInboundMessageSize(MAX_MESSAGE_SIZE)
                        .intercept(createCensusStatsClientInterceptor());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Tells which port the server that it has built was given. */
    private static final class Built extends ForwardingServerBuilder<Built> {
        private final ServerBuilder<?> builder;
        private @Nullable Server server;

        Built(ServerBuilder<?> builder) {
            this.builder = builder;
        }

        @Override
        protected ServerBuilder<?> delegate() {
            return builder;
        }

        @Override
        public Server build() {
            Server built = super.build();
            server = built;
            return built;
        }

        int port() {
            return requireNonNull(server).getPort();
        }
    }
}
