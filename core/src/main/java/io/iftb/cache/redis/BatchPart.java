package io.iftb.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisConnection;
import org.redisson.client.WriteRedisConnectionException;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.CommandsData;
import org.redisson.connection.MasterSlaveEntry;

/**
 * The commands of a batch for one primary: they take one connection, and are sent or withdrawn together. The library's own
 * batches send all commands again if one of them is redirected.
 */
final class BatchPart implements SendQueue.Sendable {

    private final Batch batch;
    private final Calls calls;
    private final Transmission transmission = new Transmission();
    private final List<Call<?>> begun = new ArrayList<>();
    private final List<CompletableFuture<Object>> replies = new ArrayList<>();
    private volatile List<Call<?>> members = List.of();
    private volatile @Nullable CompletableFuture<RedisConnection> connecting;

    BatchPart(Batch batch, Calls calls) {
        this.batch = batch;
        this.calls = calls;
    }

    <T> Call<T> begin(Reply<T> reply, Request request, @Nullable Deadline deadline) {
        Call<T> call = new Call<>(calls, reply, request, deadline, this);
        begun.add(call);
        return call;
    }

    /** Whether its commands are sent or withdrawn; one for all of them. */
    Transmission transmission() {
        return transmission;
    }

    /** Its calls, once all have begun. */
    List<Call<?>> members() {
        return members;
    }

    /** One of its calls is sent again, alone. */
    void sentApart() {
        batch.setOutOfOrder();
    }

    void send() {
        members = List.copyOf(begun);
        if (!calls.permits()) {
            transmission.withdraw();
            members.forEach(call -> call.fail(calls.refusal(call.request())));
            return;
        }
        boolean started = true;
        for (Call<?> call : members) {
            started &= calls.start(call); // or none is sent, since the connection is closed
        }
        if (started && !calls.queue().add(this)) {
            transmission.withdraw();
            members.forEach(call -> call.failWithdrawn(calls.failures().tooMany(call.request())));
        }
    }

    @Override
    public boolean isToBeSent() {
        return !transmission.isWithdrawn();
    }

    @Override
    public void sendNow() {
        transmission.turn();
        try {
            MasterSlaveEntry entry = calls.primary().entry();
            CompletableFuture<RedisConnection> opening = entry.connectionWriteOp(null);
            connecting = opening;
            if (transmission.isWithdrawn()) {
                withdrawn();
            }
            var unused = opening.whenComplete((connection, error) -> {
                if (error != null) {
                    ended(error);
                } else {
                    send(entry, connection);
                }
            });
        } catch (RuntimeException | Error e) {
            ended(e);
        }
    }

    private void send(MasterSlaveEntry entry, RedisConnection connection) {
        CompletableFuture<Void> all = new CompletableFuture<>();
        var unused = all.whenComplete((done, error) -> {
            entry.releaseWrite(connection);
            ended(error);
        });
        try {
            List<CommandData<?, ?>> commands = new ArrayList<>(members.size());
            members.forEach(call -> commands.add(command(call)));
            var written = connection.send(new CommandsData(all, commands, false, false));
            written.addListener(done -> {
                if (!done.isSuccess()) {
                    all.completeExceptionally(new WriteRedisConnectionException("not written", done.cause()));
                }
            });
        } catch (RuntimeException | Error e) {
            all.completeExceptionally(e);
        }
    }

    private CommandData<?, ?> command(Call<?> call) {
        CompletableFuture<Object> reply = new CompletableFuture<>();
        var unused = reply.whenComplete(call);
        replies.add(reply);
        Request request = call.request();
        return new CommandData<>(reply, call, request.command().command, request.arguments());
    }

    /** Gives back its place once all have a reply, or none comes. */
    private void ended(@Nullable Throwable error) {
        try {
            if (error != null && replies.isEmpty()) {
                members.forEach(call -> call.accept(null, error));
            } else if (error != null) {
                replies.forEach(reply -> reply.completeExceptionally(error)); // unless it has come
            }
        } finally {
            calls.queue().release();
        }
    }

    /** Gives up waiting for a connection. */
    void withdrawn() {
        CompletableFuture<RedisConnection> opening = connecting;
        if (opening != null) {
            opening.completeExceptionally(new CancellationException());
        }
    }
}
