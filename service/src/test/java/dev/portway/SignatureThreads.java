package dev.portway;

import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Signs as the JDK does, while it is registered before it, and notes the threads that it was asked on. */
public final class SignatureThreads extends Provider {

    private static final long serialVersionUID = 1L;
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final Queue<String> NAMES = new ConcurrentLinkedQueue<>();

    public SignatureThreads() {
        super("SignatureThreads", "1", "notes who signs");
        NAMES.clear();
        put("Signature." + ALGORITHM, Noting.class.getName());
        put("Signature." + ALGORITHM + " SupportedKeyClasses", "java.security.interfaces.ECPrivateKey");
    }

    public List<String> names() {
        return List.copyOf(NAMES);
    }

    /** The JDK's, and a note. */
    public static final class Noting extends SignatureSpi {

        private final Signature real;

        public Noting() throws java.security.NoSuchAlgorithmException {
            this.real = Signature.getInstance(ALGORITHM, Security.getProvider("SunEC"));
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            real.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            real.initSign(key);
        }

        @Override
        protected void engineUpdate(byte b) throws SignatureException {
            real.update(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
            real.update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            NAMES.add(Thread.currentThread().getName());
            return real.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            return real.verify(signature);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
