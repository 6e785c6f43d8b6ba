package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Which listeners hear a key, and which prefixes a server is asked to track, against the plain definition of both. */
class TrackedListenersTest {

    private static final class Recorder implements KeyTracking.Listener {

        final List<String> keys = new ArrayList<>();

        @Override
        public void changed(String redisKey) {
            keys.add(redisKey);
        }

        @Override
        public void reset() {}
    }

    @Property
    void changed_anyPrefixes_callsThoseThatTheKeyBeginsWith(
            @ForAll @Size(max = 12) List<@CharRange(from = 'a', to = 'c') @StringLength(max = 4) String> prefixes,
            @ForAll @CharRange(from = 'a', to = 'd') @StringLength(max = 6) String key) {
        TrackedListeners listeners = new TrackedListeners();
        List<Recorder> recorders = new ArrayList<>();
        for (String prefix : prefixes) {
            Recorder recorder = new Recorder();
            recorders.add(recorder);
            listeners.add(new TrackedPrefixes(List.of(prefix), recorder, closed -> {}));
        }
        listeners.changed(key);
        for (int i = 0; i < prefixes.size(); i++) {
            assertThat(recorders.get(i).keys).hasSize(key.startsWith(prefixes.get(i)) ? 1 : 0);
        }
    }

    @Property
    void reduced_anyPrefixes_coverAllAndDoNotOverlap(
            @ForAll @Size(max = 12) List<@CharRange(from = 'a', to = 'c') @StringLength(max = 4) String> prefixes) {
        List<String> reduced = PrefixSet.reduced(prefixes);
        PrefixSet set = new PrefixSet();
        set.addAll(reduced);
        assertThat(prefixes).containsAll(reduced).allMatch(set::covers);
        for (String one : reduced) {
            assertThat(reduced).filteredOn(one::startsWith).containsExactly(one);
        }
    }

    @Property
    void liesUnder_anyPrefix_isWhetherOneBeginsWithIt(
            @ForAll @Size(max = 12) List<@CharRange(from = 'a', to = 'c') @StringLength(max = 4) String> prefixes,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 4) String prefix) {
        List<String> reduced = PrefixSet.reduced(prefixes);
        PrefixSet set = new PrefixSet();
        set.addAll(reduced);
        assertThat(set.liesUnder(prefix)).isEqualTo(reduced.stream().anyMatch(each -> each.startsWith(prefix)));
        assertThat(set.covers(prefix)).isEqualTo(reduced.stream().anyMatch(prefix::startsWith));
    }
}
