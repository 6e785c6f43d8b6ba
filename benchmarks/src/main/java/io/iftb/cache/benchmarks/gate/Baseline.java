package io.iftb.cache.benchmarks.gate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.Results;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.StringJoiner;

/**
 * The file with the results that later runs are compared with. Cases are sorted by name, figures are rounded to five
 * digits, and each fork has one line, so that a diff of the file is readable.
 */
final class Baseline {

    /** The suite that is judged. */
    static final String SUITE = "gate";

    private static final ObjectWriter JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Double.class, new Rounding())
                    .addSerializer(double.class, new Rounding()))
            .build()
            .writer();

    private static final Comparator<Case> BY_NAME = Comparator.comparing(Case::workload)
            .thenComparing(each -> each.params().toString())
            .thenComparing(Case::contender);

    private static final class Rounding extends StdSerializer<Double> {

        private static final long serialVersionUID = 1L;
        private static final int MIN_DIGITS = 5;
        private static final int MIN_DECIMALS = 2;

        Rounding() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            BigDecimal exact = new BigDecimal(value);
            int decimals = Math.max(MIN_DECIMALS, MIN_DIGITS - exact.precision() + exact.scale());
            json.writeNumber(exact.setScale(decimals, RoundingMode.HALF_UP).doubleValue());
        }
    }

    private Baseline() {}

    /**
     * Reads the baseline.
     *
     * @throws GateException if it is missing or cannot be read
     */
    static Results read(Path file) {
        if (!Files.exists(file)) {
            throw new GateException("There is no baseline " + file + "; create it with -Dbaseline.update.", null);
        }
        try {
            return Results.read(file);
        } catch (UncheckedIOException e) {
            throw new GateException(
                    "The baseline " + file + " has another format; create it again with -Dbaseline.update.", e);
        }
    }

    /** Writes results as the baseline, as a whole or not at all. */
    static void write(Results results, Path file) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(part, text(results));
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the baseline " + file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Results results) throws JsonProcessingException {
        StringJoiner cases = new StringJoiner(",\n");
        for (CaseResult each : results.measured().stream()
                .sorted(Comparator.comparing(CaseResult::of, BY_NAME))
                .toList()) {
            StringJoiner forks = new StringJoiner(",\n        ", "[\n        ", "\n      ]").setEmptyValue("[]");
            for (ForkTime fork : each.forks()) {
                forks.add(JSON.writeValueAsString(fork));
            }
            cases.add(
                    """
                        {
                          "of": %s,
                          "forks": %s,
                          "costs": %s
                        }""".indent(4).stripTrailing().formatted(
                            JSON.writeValueAsString(each.of()), forks, JSON.writeValueAsString(each.costs())));
        }
        return """
                {
                  "machine": %s,
                  "suite": %s,
                  "measured": [
                %s
                  ]
                }
                """.formatted(
                        JSON.writeValueAsString(results.machine()), JSON.writeValueAsString(results.suite()), cases);
    }
}
