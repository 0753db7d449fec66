package dev.cleave.cloud.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.cloud.fleet.Fleets;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.LinkFile;
import dev.cleave.optimizer.file.PlanFile;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.PlanAnswer;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API as whoever sends JSON sees it. The worker does not run: what needs its profile is told so. */
@QuarkusTest
class ApiTest {
    private static final int LAYERS = 6;
    private static final Fleets FLEETS = new Fleets(3, LAYERS);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TestHTTPResource
    URI address;

    @Test
    void aPlanIsThatOfThePlanner() {
        HttpResponse<byte[]> response = send("plans", plain(request()));
        assertThat(response.statusCode()).isEqualTo(200);
        PlanRequest expected = new PlanRequest(
                FLEETS.machine(3),
                FLEETS.cloud(),
                FLEETS.link(10, 500),
                FLEETS.quality(),
                new Demand(32, 16, 48),
                new Budget(7e6, Budget.UNLIMITED, 40, 0.05, Budget.UNLIMITED),
                Choices.FREE,
                Objective.TIME);
        PlanAnswer.Planned planned = (PlanAnswer.Planned) Planner.plan(expected);
        assertThat(PlanFile.read(response.body(), "answer"))
                .isEqualTo(new PlanFile.Chosen("abc", planned.best().setting()));
    }

    @Test
    void aBudgetThatNothingKeepsIsAnAnswerAsWell() {
        HttpResponse<byte[]> response = send("plans", plain(with(request(), "budget", Map.of("memoryBytes", 1000))));
        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject answer = Json.parseObject(response.body(), "answer");
        assertThat(answer.bool("feasible")).isFalse();
        assertThat(answer.element("nearest", 0).object("limits").number("memoryBytes", 1000, 1e9))
                .isGreaterThan(1000);
    }

    @Test
    void aProfileThatIsNotThereYetIsWaitedFor() {
        Map<String, Object> request = request();
        request.remove("cloud");
        HttpResponse<byte[]> response = send("plans", plain(request));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(problem(response).string("detail")).contains("still being measured");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"promptTokens\":32|\"promptTokens\":-32|demand.promptTokens",
                "\"promptTokens\":32|\"promptTokens\":1e3|demand.promptTokens",
                "\"promptTokens\":32|\"promptTokens\":4096|demand",
                "\"memoryBytes\":7000000.0|\"memoryBytes\":0|budget.memoryBytes",
                "\"memoryBytes\":7000000.0|\"memory\":1|budget.memory",
                "\"tokenMillis\":40.0|\"tokenMillis\":-1|budget.tokenMillis",
                "\"overheadBytes\":80|\"overheadBytes\":99999|link.overheadBytes",
                "\"samples\":[|\"samples\":[],\"other\":[|link.samples",
                "\"mode\":\"fast\"|\"mode\":\"quick\"|device.mode",
                "\"modelHash\":\"abc\"|\"modelHash\":\"xyz\"|cloud.modelHash",
                "\"stepMillis\":0.02|\"stepMillis\":-0.02|device.stepMillis",
                "\"additivityError\":0.001|\"additivityError\":[]|quality.additivityError",
                "\"budget\":{|\"spend\":{|spend",
            })
    void aWrongFieldIsNamed(String right, String wrong, String field) {
        String body = new String(plain(request()), StandardCharsets.UTF_8);
        assertThat(body).contains(right);
        int at = body.indexOf(right);
        String changed = body.substring(0, at) + wrong + body.substring(at + right.length());
        HttpResponse<byte[]> response = send("plans", changed.getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(400);
        JsonObject problem = problem(response);
        assertThat(problem.string("field")).isEqualTo(field);
        assertThat(problem.has("expected")).isTrue();
        assertThat(problem.has("value")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "{", "[]", "nonsense", "{\"device\":NaN}", "{\"device\":1e999}", "{\"a\":1,\"a\":2}", "{} {}"
            })
    void whatIsNoRequestIsRefused(String body) {
        for (String path : List.of("plans", "fleet-plans")) {
            HttpResponse<byte[]> response = send(path, body.getBytes(StandardCharsets.UTF_8));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(problem(response).string("detail")).startsWith("request");
        }
    }

    @Test
    void nestedAndHugeBodiesAreRefused() {
        assertThat(send("plans", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("plans", ("{\"device\":" + " ".repeat(5 << 20) + "1}").getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void gridsTooLargeAreRefused() {
        List<Object> splits = new ArrayList<>();
        List<Object> links = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            splits.add(i);
            links.add("link" + i);
        }
        Map<String, Object> choices = Map.of("splits", splits, "promptLinks", links, "decodeLinks", links);
        HttpResponse<byte[]> response = send("plans", plain(with(request(), "choices", choices)));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response).string("field")).isEqualTo("choices");
    }

    @Test
    void otherKindsOfBodiesAndMethodsAreRefused() {
        assertThat(exchange(builder("plans").header("Content-Type", "text/plain"), plain(request()))
                        .statusCode())
                .isEqualTo(415);
        assertThat(exchange(builder("plans").GET()).statusCode()).isEqualTo(405);
    }

    /** A web page under another name that leads here, or a proxy, is not this machine's user. */
    @Test
    void aRequestForAnotherHostIsRefused() throws IOException {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /api/profile HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void aFleetIsPlannedWithinItsCapacity() {
        HttpResponse<byte[]> response = send("fleet-plans", plain(fleet(40, cloud -> {})));
        assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(200);
        JsonObject answer = Json.parseObject(response.body(), "answer");
        assertThat(answer.object("total").int32("devices", 0, 100)).isEqualTo(40);
        assertThat(answer.object("total").int32("differentRequests", 0, 100)).isEqualTo(3);
        int served = answer.object("total").int32("served", 1, 40);
        double compute = 0;
        long sessions = 0;
        int budget = 0;
        int capacity = 0;
        for (int i = 0; i < 40; i++) {
            JsonObject device = answer.element("devices", i);
            assertThat(device.string("name")).isEqualTo("d" + i);
            if (device.bool("served")) {
                served--;
                compute += device.object("load").number("computeMillisPerSecond", 0, 1e9);
                sessions += device.object("load").integer("sessions", 0, 40);
            } else if (device.string("reason").equals("budget")) {
                budget++;
                assertThat(device.list("nearest")).isNotEmpty();
            } else {
                capacity++;
                assertThat(device.object("more").has(device.string("bottleneck")))
                        .isTrue();
            }
        }
        assertThat(served).isZero();
        assertThat(budget).isEqualTo(13);
        assertThat(capacity).isPositive();
        assertThat(sessions).isLessThanOrEqualTo(5);
        assertThat(compute).isLessThanOrEqualTo(700);
        assertThat(answer.object("total").number("gap", 0, 1)).isLessThanOrEqualTo(0.02);
    }

    @Test
    void aFleetWithoutAProfileOfTheCloudWaitsForTheWorkers() {
        HttpResponse<byte[]> response = send("fleet-plans", plain(fleet(3, cloud -> cloud.remove("profile"))));
        assertThat(response.statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"name\":\"d1\"|\"name\":\"d0\"|devices",
                "\"name\":\"d1\"|\"name\":\"\"|devices[1].name",
                "\"profile\":\"board\"|\"profile\":\"plank\"|devices[0].profile",
                "\"tokensPerSecond\":2.0|\"tokensPerSecond\":0|tokensPerSecond",
                "\"sessions\":5|\"sessions\":-5|cloud.sessions",
                "\"utilisation\":0.7|\"utilisation\":1.7|cloud.utilisation",
                "\"threads\":1|\"threads\":1.5|cloud.threads",
                "\"board\":{\"format\":\"cleave-compute|\"board\":{\"format\":\"cake|profiles.board.format",
                "\"devices\":[|\"devices\":[],\"choices\":[|devices",
                "\"stepMillis\":0.02|\"stepMillis\":-0.02|cloud.profile.stepMillis",
            })
    void aWrongFieldOfAFleetIsNamed(String right, String wrong, String field) {
        String body = new String(plain(fleet(3, cloud -> {})), StandardCharsets.UTF_8);
        int at = body.indexOf(right);
        assertThat(at).isNotNegative();
        String changed = body.substring(0, at) + wrong + body.substring(at + right.length());
        HttpResponse<byte[]> response = send("fleet-plans", changed.getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(400);
        assertThat(problem(response).string("field")).isEqualTo(field);
    }

    private static Map<String, Object> request() {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("device", tree(ComputeFile.compact(FLEETS.machine(3))));
        request.put("cloud", tree(ComputeFile.compact(FLEETS.cloud())));
        request.put("link", tree(LinkFile.write(FLEETS.link(10, 500))));
        request.put("quality", tree(QualityFile.write(FLEETS.quality())));
        request.put("demand", Map.of("promptTokens", 32, "answerTokens", 16));
        Map<String, Object> budget = new LinkedHashMap<>();
        budget.put("memoryBytes", 7e6);
        budget.put("tokenMillis", 40.0);
        request.put("budget", budget);
        return request;
    }

    /** One in three has a budget that nothing keeps. */
    private static Map<String, Object> fleet(int count, Consumer<Map<String, Object>> cloudChange) {
        Map<String, Object> cloud = new LinkedHashMap<>();
        cloud.put("profile", tree(ComputeFile.compact(FLEETS.cloud())));
        cloud.put("threads", 1);
        cloud.put("utilisation", 0.7);
        cloud.put("kvBytes", 100_000_000);
        cloud.put("sessions", 5);
        cloudChange.accept(cloud);
        List<Object> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Object> device = new LinkedHashMap<>();
            device.put("name", "d" + i);
            device.put("profile", i % 3 == 1 ? "slow" : "board");
            device.put("budget", Map.of("memoryBytes", i % 3 == 2 ? 1000 : 5_500_000));
            devices.add(device);
        }
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("cloud", cloud);
        request.put("links", Map.of("lan", tree(LinkFile.write(FLEETS.link(5, 500)))));
        request.put("quality", tree(QualityFile.write(FLEETS.quality())));
        request.put("demand", Map.of("promptTokens", 32, "answerTokens", 16));
        request.put("link", "lan");
        request.put("tokensPerSecond", 2.0);
        request.put("devices", devices);
        Map<String, Object> profiles = new LinkedHashMap<>();
        profiles.put("board", tree(ComputeFile.compact(FLEETS.machine(2))));
        profiles.put("slow", tree(ComputeFile.compact(FLEETS.machine(4))));
        request.put("profiles", profiles);
        return request;
    }

    private static Map<String, Object> with(Map<String, Object> request, String field, Object value) {
        request.put(field, value);
        return request;
    }

    private static Map<String, Object> tree(byte[] json) {
        return Json.parseObject(json, "profile").fields();
    }

    private static byte[] plain(Map<String, Object> request) {
        return JsonWriter.compact(request);
    }

    private JsonObject problem(HttpResponse<byte[]> response) {
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonObject problem = Json.parseObject(response.body(), "problem");
        assertThat(problem.int32("status", 400, 599)).isEqualTo(response.statusCode());
        return problem;
    }

    private HttpResponse<byte[]> send(String path, byte[] body) {
        return exchange(builder(path).header("Content-Type", "application/json"), body);
    }

    private HttpRequest.Builder builder(String path) {
        return HttpRequest.newBuilder(address.resolve("/api/" + path)).timeout(Duration.ofMinutes(2));
    }

    private static HttpResponse<byte[]> exchange(HttpRequest.Builder request, byte[] body) {
        return exchange(request.POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private static HttpResponse<byte[]> exchange(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
