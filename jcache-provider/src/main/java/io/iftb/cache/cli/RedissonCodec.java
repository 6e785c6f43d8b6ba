package io.iftb.cache.cli;

import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.codec.RedissonKryo;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A codec of Redisson whose bytes can be read without making whatever object they name. */
enum RedissonCodec {
    /** {@code Kryo5Codec}, the default of Redisson */
    KRYO5 {
        @Override
        Reader reader(KryoCodec trusting) {
            RedissonKryo kryo = trusting.redisson();
            return kryo::read;
        }
    },
    /** {@code StringCodec} */
    STRING {
        @Override
        Reader reader(KryoCodec trusting) {
            return RedissonCodec::text;
        }
    },
    /** {@code JsonJacksonCodec}, read as plain data */
    JSON {
        @Override
        Reader reader(KryoCodec trusting) {
            return bytes -> RedissonJson.value(Json.readExactly(bytes));
        }
    };

    /** Reads a key or a value. */
    interface Reader {

        /**
         * The object of some bytes.
         *
         * @throws IllegalArgumentException if they cannot be read; the message says why
         * @throws io.iftb.cache.codec.CorruptValueException likewise
         */
        Object read(byte[] bytes);
    }

    /**
     * A reader of this codec, for one thread.
     *
     * @param trusting knows the classes that may be read
     */
    abstract Reader reader(KryoCodec trusting);

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is not text in UTF-8; name its --codec", e);
        }
    }

    static RedissonCodec parse(String text) {
        return Choice.parse(
                RedissonCodec.class,
                "codec",
                text,
                "is not read here",
                ", or copy the cache by a program (see CLI.md)");
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
