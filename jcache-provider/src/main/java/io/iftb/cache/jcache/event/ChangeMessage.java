package io.iftb.cache.jcache.event;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * The message about the changes of an entry to other JVMs. Encoded big-endian: a format byte, the origin (16 bytes), the number
 * (8), the count of changes (1), and for each change its type (1) and the bytes before and after, each with its length in front
 * (4), or -1 for null.
 *
 * @param origin the open cache that made the changes
 * @param number the sequence number of the change in that cache; 0 if its own listeners do not need the message
 * @param changes the changes, in their order
 */
record ChangeMessage(UUID origin, long number, List<EntryChange> changes) {

    private static final byte FORMAT = 1;
    private static final int HEAD = 1 + 2 * Long.BYTES + Long.BYTES + 1;
    private static final EventType[] TYPES = {EventType.CREATED, EventType.UPDATED, EventType.REMOVED, EventType.EXPIRED
    };

    byte[] encoded() {
        int size = HEAD;
        for (EntryChange each : changes) {
            size += 1 + size(each.before()) + size(each.after());
        }
        ByteBuffer bytes = ByteBuffer.allocate(size)
                .put(FORMAT)
                .putLong(origin.getMostSignificantBits())
                .putLong(origin.getLeastSignificantBits())
                .putLong(number)
                .put((byte) changes.size());
        for (EntryChange each : changes) {
            bytes.put((byte) List.of(TYPES).indexOf(each.type()));
            put(bytes, each.before());
            put(bytes, each.after());
        }
        return bytes.array();
    }

    private static int size(byte @Nullable [] value) {
        return Integer.BYTES + (value == null ? 0 : value.length);
    }

    private static void put(ByteBuffer bytes, byte @Nullable [] value) {
        bytes.putInt(value == null ? -1 : value.length);
        if (value != null) {
            bytes.put(value);
        }
    }

    /** Decodes a message; null if the bytes are not one. */
    static @Nullable ChangeMessage decoded(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        try {
            if (bytes.get() != FORMAT) {
                return null;
            }
            UUID origin = new UUID(bytes.getLong(), bytes.getLong());
            long number = bytes.getLong();
            int count = bytes.get();
            if (count < 0) {
                return null;
            }
            List<EntryChange> changes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                changes.add(new EntryChange(TYPES[bytes.get()], value(bytes), value(bytes)));
            }
            return bytes.hasRemaining() ? null : new ChangeMessage(origin, number, changes);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            return null; // another program published it
        }
    }

    private static byte @Nullable [] value(ByteBuffer bytes) {
        int length = bytes.getInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] value = new byte[length];
        bytes.get(value);
        return value;
    }
}
