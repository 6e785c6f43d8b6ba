package io.iftb.cache.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContendersTest {

    private static final BenchmarkServer SERVER = new BenchmarkServer();
    private static final WorkloadFixture SESSION = new WorkloadFixture(SERVER, SERVER.address());

    static List<Arguments> all() {
        return SmallLoads.all().toList();
    }

    @AfterAll
    static void close() {
        SESSION.close();
        SERVER.close();
    }

    @ParameterizedTest
    @MethodSource("all")
    void ready_eachContenderAndWorkload_answersCorrectly(Contender contender, Load load) {
        List<Task> tasks = SESSION.ready(load.threads(2), contender);

        assertThat(tasks).hasSize(2);
        for (Task task : tasks) {
            task.before();
            assertThat(task.call()).isNotNull();
            task.check();
        }
    }

    @Test
    void ready_foreignKeys_areStoredAndThenRemoved() {
        Load foreign = Load.of(Workload.LATEST, Map.of("limit", 10, "bars", 100, "foreignKeys", 2_500));

        SESSION.ready(foreign, Contender.JSON_SCAN);
        Object with = SERVER.call("DBSIZE");
        SESSION.ready(SmallLoads.of(Workload.UNIVERSE), Contender.SOCKET);

        assertThat(with).isEqualTo(2_600L);
        assertThat(SERVER.call("DBSIZE")).isEqualTo(5L);
    }

    @Test
    void ready_wrongData_namesTheContenderAndTheLoad() {
        Load load = SmallLoads.of(Workload.LATEST);
        try (WorkloadFixture session = new WorkloadFixture(SERVER, SERVER.address())) {
            session.ready(load, Contender.SOCKET);
            SERVER.call("SETRANGE", "socket:SYM0USDT:1m", 56 * 1_499 + 40, new byte[8]);

            assertThatThrownBy(() -> session.ready(load, Contender.SOCKET))
                    .isInstanceOf(WrongAnswerException.class)
                    .hasMessageContaining("contender socket in latest bars=1500 limit=100");
        }
    }
}
