package io.iftb.cache.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Output;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The members of a class that are in some bytes, as indexes into the members that the class has here. Written once for each
 * class of a graph, so that you can add and remove members of a class while old bytes exist.
 */
final class Shape {

    private static final int UNKNOWN = -1;

    private final int[] members;

    private Shape(int[] members) {
        this.members = members;
    }

    /** The shape of a class that is always written with all its members. */
    static Shape whole(int members) {
        return new Shape(IntStream.range(0, members).toArray());
    }

    static void write(Output output, List<String> names) {
        output.writeVarInt(names.size(), true);
        names.forEach(output::writeString);
    }

    static Shape read(BoundedInput input, List<String> names) {
        int[] members = new int[input.readCount()];
        BitSet seen = new BitSet();
        for (int i = 0; i < members.length; i++) {
            int member = names.indexOf(input.readString());
            if (member >= 0 && seen.get(member)) {
                throw new KryoException("member " + names.get(member) + " occurs twice");
            }
            if (member >= 0) {
                seen.set(member);
            }
            members[i] = member < 0 ? UNKNOWN : member;
        }
        return new Shape(members);
    }

    int size() {
        return members.length;
    }

    boolean isKnown(int position) {
        return members[position] != UNKNOWN;
    }

    int member(int position) {
        return members[position];
    }

    /** A serializer whose bytes start with a shape. */
    interface Shaped {

        /** The names of the members, in the order in which they are written. */
        List<String> names();
    }
}
