package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestCluster;
import io.iftb.cache.embedded.EmbeddedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a user needs on a Redis Cluster beside the rules of {@link AccessRightsTest}, as it stands in the guide. */
@Tag("servers")
class ClusterRightsTest {

    private static final String PASSWORD = "s3cr3t";

    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = TestCluster.ofPrimaries();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static List<String> added() throws IOException {
        Matcher line = Pattern.compile("On a Redis Cluster, add `([^`]*)`").matcher(AccessRightsTest.guide());
        assertThat(line.find()).isTrue();
        return Arrays.asList(line.group(1).split(" ", -1));
    }

    private static void setUser(List<String> rule, List<String> more) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "bot", "reset", "on", ">" + PASSWORD));
        command.addAll(rule);
        command.addAll(more);
        for (EmbeddedServer node : cluster.nodes()) {
            try (RawRedis raw = new RawRedis(node.uri())) {
                raw.send(command.toArray());
            }
        }
    }

    private static EveryOperation program() {
        return new EveryOperation(cluster.uri().replace("://", "://bot:" + PASSWORD + "@"), "bot1", "fenced");
    }

    @Test
    void bot_everyOperation_isAllowed() throws IOException {
        setUser(AccessRightsTest.rule("bot"), added());

        assertThat(program().readAndWrite().failures()).isEmpty();
        assertThat(program().read().failures()).isEmpty();
    }

    @Test
    void bot_withoutWhatIsAdded_cannotConnect() throws IOException {
        setUser(AccessRightsTest.rule("bot"), List.of());

        assertThat(program().readAndWrite().failures())
                .isNotEmpty()
                .allMatch(
                        failure -> failure.matches("(?s).*'cluster(\\|nodes'|' command or its sub).*"),
                        "names the command");
    }
}
