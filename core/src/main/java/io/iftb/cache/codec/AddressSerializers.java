package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Serializers of network addresses, by their bytes. Neither writing nor reading looks up a name or an interface. In keys, the
 * name of a host is left out where {@code equals} ignores it: an address learns its name when somebody asks for it.
 */
final class AddressSerializers {

    private static final int NO_SCOPE = -1;

    private static final int V6_LENGTH = 16;

    private AddressSerializers() {}

    /**
     * An {@link InetAddress}: name or null, count of bytes, the bytes; for 16 bytes the scope of an IPv6 address too, which is
     * its number. The name of a local interface means nothing on another machine and is not kept.
     */
    static final class OfHost extends ImmutableSerializer<InetAddress> {

        @Override
        public void write(Kryo kryo, Output output, InetAddress address) {
            writeHost(output, address, ((GraphKryo) kryo).isKey());
        }

        @Override
        public InetAddress read(Kryo kryo, Input input, Class<? extends InetAddress> type) {
            return readHost((BoundedInput) input);
        }
    }

    /** An {@link InetSocketAddress}: port, whether it has an address, then this or the name that was not resolved. */
    static final class OfSocket extends ImmutableSerializer<InetSocketAddress> {

        @Override
        public void write(Kryo kryo, Output output, InetSocketAddress socket) {
            boolean isKey = ((GraphKryo) kryo).isKey();
            InetAddress address = socket.getAddress();
            output.writeVarInt(socket.getPort(), true);
            output.writeBoolean(address != null);
            if (address != null) {
                writeHost(output, address, isKey);
            } else {
                String name = socket.getHostString();
                output.writeString(isKey ? name.toLowerCase(Locale.ROOT) : name);
            }
        }

        @Override
        public InetSocketAddress read(Kryo kryo, Input input, Class<? extends InetSocketAddress> type) {
            int port = input.readVarInt(true);
            return input.readBoolean()
                    ? new InetSocketAddress(readHost((BoundedInput) input), port)
                    : InetSocketAddress.createUnresolved(LeafSerializer.text((BoundedInput) input), port);
        }
    }

    private static void writeHost(Output output, InetAddress address, boolean isKey) {
        byte[] bytes = address.getAddress();
        output.writeString(isKey ? null : knownName(address));
        output.writeByte(bytes.length);
        output.writeBytes(bytes);
        if (address instanceof Inet6Address v6) {
            output.writeVarInt(isKey || !hasScope(v6) ? NO_SCOPE : v6.getScopeId(), false);
        }
    }

    /** The name that an address has; null if it was never looked up. {@code getHostName} would look it up now. */
    private static @Nullable String knownName(InetAddress address) {
        String text = address.toString(); // name/bytes as text
        int end = text.lastIndexOf('/');
        return end > 0 ? text.substring(0, end) : null;
    }

    private static boolean hasScope(Inet6Address address) {
        return address.getHostAddress().indexOf('%') >= 0;
    }

    private static InetAddress readHost(BoundedInput input) {
        String name = input.readString();
        byte[] bytes = input.readBytes(input.readByte());
        try {
            return bytes.length == V6_LENGTH
                    ? Inet6Address.getByAddress(name, bytes, input.readVarInt(false))
                    : InetAddress.getByAddress(name, bytes);
        } catch (UnknownHostException e) {
            throw new CorruptValueException("an address has " + bytes.length + " bytes", e);
        }
    }
}
