package dev.portway.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Handlers of the signals that this process is sent. Java has no public way to have them. The one it has (the module {@code
 * jdk.unsupported}) is reached by reflection, since the compiler warns of every mention of it.
 */
public final class ProcessSignals {

    private ProcessSignals() {}

    /**
     * Runs {@code action} when the signal comes, instead of what Java does.
     *
     * @param name without {@code SIG}: {@code TERM}
     * @return whether this Java lets it
     */
    public static boolean on(String name, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                    return null;
                }
                return method.getName().equals("hashCode") ? System.identityHashCode(proxy) : proxy == arguments[0];
            };
            Object handler = Proxy.newProxyInstance(
                    ProcessSignals.class.getClassLoader(), new Class<?>[] {handlerType}, invocation);
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
            return true;
        } catch (ReflectiveOperationException notHere) {
            return false;
        }
    }
}
