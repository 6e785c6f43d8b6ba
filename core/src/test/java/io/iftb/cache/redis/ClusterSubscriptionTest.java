package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestCluster;
import io.iftb.cache.TestServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ClusterSubscriptionTest {

    @Test
    void subscription_itsNodeIsKilled_hearsAgain() {
        try (TestCluster cluster = TestCluster.withReplicas();
                RedisConnection redis = RedisConnection.open(TestServer.settings(cluster.uri()))) {
            Set<String> heard = ConcurrentHashMap.newKeySet();
            redis.await(redis.subscribe("news", message -> heard.add(new String(message, UTF_8))));
            int node = cluster.ownerOf(cluster.slotOf("news"));
            int other = cluster.primaryAfter(node);
            cluster.on(other, "PUBLISH", "news", "before");
            await().until(() -> heard.contains("before"));

            cluster.kill(node);

            await().atMost(Duration.ofSeconds(30)).until(() -> {
                cluster.on(other, "PUBLISH", "news", "after");
                return heard.contains("after");
            });
        }
    }
}
