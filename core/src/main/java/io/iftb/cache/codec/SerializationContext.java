package io.iftb.cache.codec;

import com.esotericsoftware.kryo.KryoException;
import io.iftb.cache.codec.GraphKryo.Causes;
import io.iftb.cache.codec.GraphKryo.Mode;

/** A Kryo with its buffers, for one thread at a time. Do not use it again after an exception. */
final class SerializationContext {

    /** A larger buffer is not kept. */
    private static final int KEPT_BYTES = 1 << 20;

    private final GraphKryo kryo;
    private final BoundedInput input = new BoundedInput();
    private final int maxBytes;
    private GraphOutput output;

    SerializationContext(NamedSerializers serializers, int maxBytes) {
        this.kryo = new GraphKryo(serializers);
        this.maxBytes = maxBytes;
        this.output = new GraphOutput(maxBytes);
    }

    byte[] encode(Frame frame, Object object, Mode mode, Causes causes) {
        kryo.beginWriting(mode, causes);
        output.reset();
        frame.open(output, mode);
        kryo.writeClassAndObject(output, object);
        byte[] bytes = frame.close(output, mode);
        if (output.getBuffer().length > KEPT_BYTES) {
            output = new GraphOutput(maxBytes);
        }
        return bytes;
    }

    Object decode(Frame frame, byte[] bytes) {
        try {
            kryo.beginReading(frame.read(bytes, input));
            Object object = kryo.readClassAndObject(input);
            if (object == null) {
                throw new CorruptValueException("the bytes hold null");
            }
            if (input.position() != input.limit()) {
                throw new CorruptValueException(input.limit() - input.position() + " bytes remain after the value");
            }
            input.release();
            return object;
        } catch (CorruptValueException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw new CorruptValueException(
                    "bytes cannot be read: " + (e instanceof KryoException ? e.getMessage() : e), e);
        }
    }
}
