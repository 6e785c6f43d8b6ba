package io.iftb.cache.near;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records that refer to their own type are like any other class: their keys are looked up by text, their values are copied. */
class RecursiveRecordsTest {

    private record Category(long id, String name, @Nullable Category parent) {}

    private record Ping(int number, @Nullable Pong answer) {}

    private record Pong(int number, @Nullable Ping question) {}

    private record Name(String first, String last) {}

    private record Couple(Name one, Name other) {}

    private record Tree(String name, List<Tree> children) {}

    @Test
    void isDirect_recordOfItsOwnType_isNot() {
        assertThat(DirectKeys.isDirect(new Category(2, "b", new Category(1, "a", null))))
                .isFalse();
        assertThat(DirectKeys.isDirect(new Ping(1, null))).isFalse();
        assertThat(DirectKeys.isDirect(new Pong(1, null))).isFalse();
        assertThat(DirectKeys.isDirect(new Tree("a", List.of()))).isFalse();
    }

    @Test
    void isImmutable_recordOfItsOwnType_isNot() {
        assertThat(SharedValues.isImmutable(new Category(2, "b", new Category(1, "a", null))))
                .isFalse();
        assertThat(SharedValues.isImmutable(new Ping(1, null))).isFalse();
        assertThat(SharedValues.isImmutable(new Pong(1, null))).isFalse();
        assertThat(SharedValues.isImmutable(new Tree("a", List.of()))).isFalse();
    }

    @Test
    void isDirectAndIsImmutable_recordThatHasOneOfATypeTwice_areTrue() {
        Couple couple = new Couple(new Name("a", "b"), new Name("c", "d"));
        assertThat(DirectKeys.isDirect(couple)).isTrue();
        assertThat(SharedValues.isImmutable(couple)).isTrue();
    }
}
