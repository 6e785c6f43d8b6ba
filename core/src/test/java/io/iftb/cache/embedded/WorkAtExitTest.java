package io.iftb.cache.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkAtExitTest {

    @Test
    void register_untilAllIsClosed_keepsOneShutdownHook() {
        boolean before = WorkAtExit.isHooked(); // by what other tests left open
        WorkAtExit.Registration first = WorkAtExit.register(() -> true);
        WorkAtExit.Registration second = WorkAtExit.register(() -> true);
        first.close();
        assertThat(WorkAtExit.isHooked()).isTrue();
        second.close();
        second.close();
        assertThat(WorkAtExit.isHooked()).isEqualTo(before);
    }
}
