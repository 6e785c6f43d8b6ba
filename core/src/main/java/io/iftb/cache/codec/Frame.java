package io.iftb.cache.codec;

import com.esotericsoftware.kryo.io.Output;
import io.iftb.cache.codec.GraphKryo.Mode;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * The header before a payload, and its compression.
 *
 * <pre>
 * byte 0   0xFB, the format; no text in UTF-8 holds that byte
 * byte 1   flags: 1 = LZ4, 2 = a key: no references
 * then     if LZ4, the size of the payload before compression, a varint
 * then     the payload
 * </pre>
 */
final class Frame {

    static final int FORMAT = 0xFB;
    static final int LZ4 = 1;
    static final int KEY = 2;

    /** Payloads up to this size are not compressed, in bytes. */
    static final int COMPRESS_ABOVE = 1024;

    private static final int HEADER = 2;
    private static final int MAX_VARINT = 5;

    /** A byte of LZ4 expands to 255 bytes at most. */
    private static final int MAX_RATIO = 255;

    private static final LZ4Factory LZ4_JAVA = LZ4Factory.safeInstance();

    private final LZ4Compressor compressor = LZ4_JAVA.fastCompressor();
    private final LZ4SafeDecompressor decompressor = LZ4_JAVA.safeDecompressor();
    private final int maxBytes;

    Frame(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Starts a frame; write the payload after it. */
    void open(GraphOutput output, Mode mode) {
        output.writeByte(FORMAT);
        output.writeByte(mode == Mode.KEY ? KEY : 0);
    }

    /** The finished frame. */
    byte[] close(GraphOutput output, Mode mode) {
        int size = output.position() - HEADER;
        if (mode != Mode.VALUE || size <= COMPRESS_ABOVE) {
            return output.toBytes();
        }
        Output packed = new Output(HEADER + MAX_VARINT + compressor.maxCompressedLength(size));
        packed.writeByte(FORMAT);
        packed.writeByte(LZ4);
        packed.writeVarInt(size, true);
        int end = packed.position()
                + compressor.compress(output.getBuffer(), HEADER, size, packed.getBuffer(), packed.position());
        return end < output.position() ? Arrays.copyOf(packed.getBuffer(), end) : output.toBytes();
    }

    /** Opens an input on the payload of a frame. */
    Mode read(byte[] bytes, BoundedInput input) {
        if (bytes.length <= HEADER || (bytes[0] & 0xFF) != FORMAT) {
            throw new CorruptValueException("the bytes are not of format " + FORMAT);
        }
        int flags = bytes[1];
        if ((flags & ~(LZ4 | KEY)) != 0) {
            throw new CorruptValueException("flags " + flags + " are unknown");
        }
        input.open(bytes, HEADER, bytes.length - HEADER);
        if ((flags & LZ4) != 0) {
            unpack(bytes, input);
        }
        if (input.limit() - input.position() > maxBytes) {
            throw new CorruptValueException("the payload is larger than " + maxBytes + " bytes");
        }
        return (flags & KEY) != 0 ? Mode.KEY : Mode.VALUE;
    }

    private void unpack(byte[] bytes, BoundedInput input) {
        int size = input.readVarInt(true);
        int start = input.position();
        int packed = bytes.length - start;
        if (size < 0 || size > maxBytes || size > (long) MAX_RATIO * packed) {
            throw new CorruptValueException(
                    packed + " compressed bytes claim to hold " + size + " bytes; the most is " + maxBytes);
        }
        byte[] payload = new byte[size];
        int unpacked = decompressor.decompress(bytes, start, packed, payload, 0);
        if (unpacked != size) {
            throw new CorruptValueException("payload has " + unpacked + " bytes instead of " + size);
        }
        input.open(payload, 0, size);
    }
}
