package io.iftb.cache.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A call that failed, however long it took. */
@Name(FailedCallEvent.NAME)
@Label("Failed Cache Call")
@Description("A call of a cache that failed")
@Category("iftb-cache")
@StackTrace(false)
final class FailedCallEvent extends Event {

    static final String NAME = "io.iftb.cache.FailedCall";

    @Label("Cache")
    String cache = "";

    @Label("Operation")
    String operation = "";

    @Label("Key")
    @Description("Shortened")
    String key = "";

    @Label("Outcome")
    String outcome = "";

    @Label("Failure")
    @Description("The class of the exception")
    String failure = "";

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
}
