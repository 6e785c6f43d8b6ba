package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a {@link KeyScan} has come: the primaries that are done, and the cursor of the one under way. As text, it can be
 * kept by another program. It holds as long as the servers are not restarted, since cursors depend on a secret of theirs.
 *
 * @param done the addresses of the primaries that are done
 * @param server the address of the primary under way; empty if none is
 * @param cursor its cursor
 */
public record ScanPosition(List<String> done, String server, String cursor) {

    /** The beginning. */
    public static final ScanPosition START = new ScanPosition(List.of(), "", KeyScan.START);

    private static final String DONE = "done";

    /** Keeps its own list. */
    public ScanPosition {
        done = List.copyOf(done);
    }

    /**
     * The position of a text.
     *
     * @throws IllegalArgumentException if {@link #toString} did not make it
     */
    public static ScanPosition parse(String text) {
        List<String> done = new ArrayList<>();
        Map<String, String> underWay = new HashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int equals = part.lastIndexOf('=');
            String cursor = part.substring(equals + 1);
            if (equals < 1 || !cursor.matches(DONE + "|[0-9]{1,20}")) {
                throw new IllegalArgumentException("position '" + text + "' is none of a scan; start it anew");
            }
            if (cursor.equals(DONE)) {
                done.add(part.substring(0, equals));
            } else {
                underWay.put(part.substring(0, equals), cursor);
            }
        }
        if (underWay.size() > 1) {
            throw new IllegalArgumentException("position '" + text + "' is none of a scan; start it anew");
        }
        return underWay.entrySet().stream()
                .findFirst()
                .map(each -> new ScanPosition(done, each.getKey(), each.getValue()))
                .orElseGet(() -> new ScanPosition(done, "", KeyScan.START));
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        done.forEach(each -> parts.add(each + "=" + DONE));
        if (!server.isEmpty()) {
            parts.add(server + "=" + cursor);
        }
        return String.join(",", parts);
    }
}
