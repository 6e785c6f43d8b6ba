package io.iftb.cache.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandStatsTest {

    private static final CommandStats TIMES = CommandStats.of("""
            # Commandstats\r
            cmdstat_evalsha:calls=10,usec=500,usec_per_call=50.00,rejected_calls=0,failed_calls=0\r
            cmdstat_getrange:calls=40,usec=80,usec_per_call=2.00,rejected_calls=0,failed_calls=0\r
            cmdstat_config|resetstat:calls=1,usec=50,usec_per_call=50.00,rejected_calls=0,failed_calls=0\r
            """);

    @Test
    void micros_commandInScripts_countsAsTimeOfTheScript() {
        assertThat(TIMES.micros(Map.of("EVALSHA", 10))).isEqualTo(500);
    }

    @Test
    void micros_commandSentAndInScripts_countsInProportion() {
        assertThat(TIMES.micros(Map.of("EVALSHA", 10, "GETRANGE", 10))).isEqualTo(520);
    }

    @Test
    void microsByCommand_plainCommandsBesideAScript_haveTheirOwnTimes() {
        assertThat(TIMES.microsByCommand(Map.of("EVALSHA", 10, "GETRANGE", 10)))
                .isEqualTo(Map.of("EVALSHA", 500.0, "GETRANGE", 20.0));
    }

    @Test
    void micros_unknownCommand_isZero() {
        assertThat(TIMES.micros(Map.of("GET", 10))).isZero();
    }
}
