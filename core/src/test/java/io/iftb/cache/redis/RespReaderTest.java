package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RespReaderTest {

    private static final String MANY = ">2|$10|invalidate|*3|$2|k1|$4|kü2|$0||";
    private static final String MANY2 = "*3|$7|message|$20|__redis__:invalidate|*2|$2|k1|$2|k2|";

    private final Heard heard = new Heard();

    /** What was read, as text. */
    static final class Heard implements RespReader.Sink {

        final List<String> all = new ArrayList<>();

        @Override
        public void reply(@Nullable Object reply) {
            all.add("reply " + reply);
        }

        @Override
        public void changed(String key) {
            all.add("key " + key);
        }

        @Override
        public void flushed() {
            all.add("flush");
        }
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text.replace("|", "\r\n"), UTF_8);
    }

    private List<String> read(String text) {
        new RespReader(heard).read(bytes(text));
        return heard.all;
    }

    @Test
    void read_repliesOfBothProtocols_areValues() {
        assertThat(read("+PONG|:-12|$-1|*-1|_|$5|a\r\nb!|-NOPERM no|*2|$6|master|:7|#t|,1.5|(99|=5|txt:a|*0|"))
                .containsExactly(
                        "reply PONG",
                        "reply -12",
                        "reply null",
                        "reply null",
                        "reply null",
                        "reply a\r\nb!",
                        "reply Failure[text=NOPERM no]",
                        "reply [master, 7]",
                        "reply t",
                        "reply 1.5",
                        "reply 99",
                        "reply txt:a",
                        "reply []");
    }

    @Test
    void read_mapsAndSets_areLists() {
        assertThat(read("%2|$5|flags|~2|$2|on|$5|bcast|$8|prefixes|*1|$2|a:|"))
                .containsExactly("reply [flags, [on, bcast], prefixes, [a:]]");
    }

    @Test
    void read_messages_giveEachKey() {
        assertThat(read(MANY + "+PONG|" + MANY2))
                .containsExactly("key k1", "key kü2", "key ", "reply PONG", "key k1", "key k2");
    }

    @Test
    void read_messagesWithoutKeys_areFlushes() {
        assertThat(read(">2|$10|invalidate|_|>2|$10|invalidate|*-1|*3|$7|message|$20|__redis__:invalidate|$-1|"
                        + "*3|$7|message|$20|__redis__:invalidate|*-1|>2|$10|invalidate|*0|:1|"))
                .containsExactly("flush", "flush", "flush", "flush", "reply 1");
    }

    @Test
    void read_pushesOfOtherKinds_answerNothing() {
        assertThat(read(">3|$9|subscribe|$1|c|:1|>2|$3|abc|*1|:1|:5|")).containsExactly("reply 5");
    }

    @Test
    void read_inputCutAtEveryByte_isTheSame() {
        String all = MANY + "+PONG|" + MANY2 + "%1|$5|flags|~1|$2|on|" + ">2|$10|invalidate|_|"
                + "$-1|:1|*2|$1|a|*1|-ERR x|";
        List<String> whole = List.copyOf(read(all));
        ByteBuf input = bytes(all);
        for (int cut = 0; cut <= input.readableBytes(); cut++) {
            Heard each = new Heard();
            RespReader reader = new RespReader(each);
            ByteBuf part = input.copy(0, cut);
            reader.read(part);
            reader.read(Unpooled.wrappedBuffer(part, input.copy(cut, input.readableBytes() - cut)));
            assertThat(each.all).as("cut at %s", cut).isEqualTo(whole);
        }
        Heard single = new Heard();
        RespReader reader = new RespReader(single);
        ByteBuf growing = Unpooled.buffer();
        for (int i = 0; i < input.readableBytes(); i++) {
            growing.writeByte(input.getByte(i));
            reader.read(growing);
        }
        assertThat(single.all).isEqualTo(whole);
    }

    @Test
    void read_manyMessages_haveNoCommonBound() {
        StringBuilder message = new StringBuilder(">2|$10|invalidate|*300000|");
        message.append("$3|key|".repeat(300_000));
        assertThat(read(message.toString())).hasSize(300_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request|",
                "\u0015\u0003\u0001",
                "$17000000|",
                "$99999999999999999999|",
                "$-2|",
                "$x|",
                "$|",
                ":|",
                ":1x|",
                "*-5|",
                "*1000000|",
                "%-1|",
                "$3|abcde",
                "+a\rb|",
                "*1|*1|*1|*1|*1|*1|*1|*1|*1|",
                ">2|$10|invalidate|$1|k|",
                ">2|$10|invalidate|~1|$1|k|",
                ">2|$10|invalidate|*1|:1|",
                ">2|$10|invalidate|*1|*1|$1|k|",
                ">2|$10|invalidate|*1|$-1|",
                "*2|$16000000|",
            })
    void read_malformed_isRefusedAtOnce(String text) {
        String more = text.startsWith("*2|$16") ? text + "x".repeat(16_000_000) + "|$16000000|" : text;
        assertThatThrownBy(() -> read(more)).isInstanceOf(CorruptedFrameException.class);
    }

    @Test
    void read_lineWithoutEnd_isRefused() {
        assertThatThrownBy(() -> read("+" + "x".repeat(70_000))).isInstanceOf(CorruptedFrameException.class);
    }

    @Test
    void read_endlessReply_isRefused() {
        String nested = "*200000|";
        assertThatThrownBy(() -> read(nested + "*2|:1|:1|".repeat(200_000)))
                .isInstanceOf(CorruptedFrameException.class);
    }
}
