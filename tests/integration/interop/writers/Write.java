import au.com.dius.pact.consumer.ConsumerPactBuilder;
import au.com.dius.pact.consumer.MessagePactBuilder;
import au.com.dius.pact.consumer.dsl.*;
import au.com.dius.pact.consumer.xml.PactXmlBuilder;
import au.com.dius.pact.core.model.*;
import au.com.dius.pact.core.model.matchingrules.*;
import java.time.*;
import java.util.*;
import java.util.function.Consumer;

/** Writes contracts with pact-jvm: one interaction for each matcher and each place where a matcher can be. */
public final class Write {
  static final Map<String, Consumer<LambdaDslObject>> BODIES = new LinkedHashMap<>();
  static final Map<String, Consumer<LambdaDslObject>> BODIES_V3 = new LinkedHashMap<>();
  static final Map<String, Consumer<LambdaDslObject>> BODIES_V4 = new LinkedHashMap<>();
  static final ZonedDateTime MOMENT = ZonedDateTime.of(2026, 1, 31, 10, 30, 0, 0, ZoneOffset.UTC);

  static {
    BODIES.put("equality", o -> o.stringValue("value", "fixed"));
    BODIES.put("type", o -> o.stringType("value", "a"));
    BODIES.put("type-object", o -> o.object("value", v -> v.integerType("id", 1).stringType("name", "a")));
    BODIES.put("regex", o -> o.stringMatcher("value", "red|blue", "red"));
    BODIES.put("each-like", o -> o.minArrayLike("value", 2, v -> v.integerType("id", 1)));
    BODIES.put("at-least", o -> o.minArrayLike("value", 2, PactDslJsonRootValue.stringType("a"), 3));
    BODIES.put("at-most", o -> o.maxArrayLike("value", 3, PactDslJsonRootValue.stringType("a"), 2));
    BODIES.put("integer", o -> o.integerType("value", 1));
    BODIES.put("decimal", o -> o.decimalType("value", 1.5));
    BODIES.put("number", o -> o.numberType("value", 1));
    BODIES.put("boolean", o -> o.booleanType("value", true));
    BODIES.put("string", o -> o.stringType("value"));
    BODIES.put("uuid", o -> o.uuid("value", UUID.fromString("e2490de5-5bd3-43d5-b7c4-526e33f71304")));
    BODIES.put("ipv4", o -> o.ipV4Address("value"));
    BODIES.put("date", o -> o.date("value", "yyyy-MM-dd", MOMENT));
    BODIES.put("time", o -> o.time("value", "HH:mm", MOMENT));
    BODIES.put("datetime", o -> o.datetime("value", "yyyy-MM-dd'T'HH:mm:ssX", MOMENT));
    BODIES_V3.putAll(BODIES);
    BODIES_V3.put("constrained", o -> o.minMaxArrayLike("value", 1, 3, PactDslJsonRootValue.stringType("a"), 2));
    BODIES_V3.put("includes", o -> o.and("value", "part", PM.includesStr("part")));
    BODIES_V3.put("null", o -> o.nullValue("value"));
    BODIES_V3.put("url", o -> o.matchUrl("value", "http://localhost:8080", "users", PM.stringMatcher("\\d+", "7"), "posts"));
    BODIES_V3.put("array-containing", o -> o.arrayContaining("value", v -> v
        .object(one -> one.integerType("id", 1).stringValue("kind", "a"))
        .object(two -> two.integerType("id", 2).stringValue("kind", "b"))));
    BODIES_V3.put("each-key-like", o -> o.object("value", v -> v.eachKeyLike("key", PactDslJsonRootValue.integerType(1))));
    BODIES_V3.put("state-value", o -> o.valueFromProviderState("value", "${id}", "1"));
    BODIES_V3.put("all-of", o -> o.and("value", "a long one", PM.stringType(), PM.stringMatcher("a .+")));
    BODIES_V3.put("one-of", o -> o.or("value", "a", PM.stringType(), PM.nullValue()));
    BODIES_V4.putAll(BODIES_V3);
    BODIES_V4.put("unordered", o -> o.unorderedArray("value", v -> v.stringValue("a").stringValue("b")));
    BODIES_V4.put("unordered-at-least", o -> o.unorderedMinArray("value", 2, v -> v.stringValue("a").stringType("b")));
    BODIES_V4.put("unordered-at-most", o -> o.unorderedMaxArray("value", 3, v -> v.stringMatcher("a|b", "a").stringValue("a")));
    BODIES_V4.put("not-empty", o -> o.and("value", "a", au.com.dius.pact.core.model.matchingrules.NotEmptyMatcher.INSTANCE));
    BODIES_V4.put("semver", o -> o.and("value", "1.0.0", au.com.dius.pact.core.model.matchingrules.SemverMatcher.INSTANCE));
    BODIES_V4.put("each-key-matches", o -> o.object("value", v -> v.eachKeyMatching(Matchers.regexp("[a-z]{2}", "ab"))));
    BODIES_V4.put("each-value-under-keys", o -> o.object("value", v -> v.eachValueMatching("ab", each -> each.stringType("name", "x"))));
  }

  public static void main(String[] arguments) throws Exception {
    String folder = arguments[0];
    write("app-v2", PactSpecVersion.V2, BODIES, folder);
    write("app-v3", PactSpecVersion.V3, BODIES_V3, folder);
    writeV4(folder);
    writeMessages(folder);
  }

  static void write(String consumer, PactSpecVersion version, Map<String, Consumer<LambdaDslObject>> bodies, String folder) {
    PactDslResponse answers = null;
    var provider = ConsumerPactBuilder.consumer(consumer).pactSpecVersion(version).hasPactWith("things");
    for (var body : bodies.entrySet()) {
      var begun = answers == null
          ? provider.given("a thing exists", Map.of("kind", "a"))
          : answers.given("a thing exists", Map.of("kind", "a"));
      answers = begun.uponReceiving(body.getKey()).method("GET").path("/" + body.getKey())
          .willRespondWith().status(200).body(LambdaDsl.newJsonBody(o -> body.getValue().accept(o)).build());
    }
    answers = answers.uponReceiving("path").method("GET").matchPath("/path/\\d+", "/path/7").willRespondWith().status(200);
    answers = answers.uponReceiving("query").method("GET").path("/query").encodedQuery("many=1&many=2").matchQuery("q", "a+", "aa")
        .willRespondWith().status(200);
    answers = answers.uponReceiving("request-header").method("GET").path("/request-header").matchHeader("X-Id", "\\d+", "7")
        .willRespondWith().status(200);
    answers = answers.uponReceiving("request-body").method("POST").path("/request-body")
        .body(LambdaDsl.newJsonBody(o -> o.integerType("id", 7).minArrayLike("tags", 1, PactDslJsonRootValue.stringType("a"), 1)).build())
        .willRespondWith().status(200);
    answers = answers.uponReceiving("answer-header").method("GET").path("/answer-header")
        .willRespondWith().status(200).matchHeader("X-Kind", "a|b", "a");
    answers = answers.uponReceiving("text-body").method("GET").path("/text-body")
        .willRespondWith().status(200).body("hello", "text/plain");
    answers = answers.uponReceiving("empty-answer").method("GET").path("/empty-answer").willRespondWith().status(204);
    answers = answers.uponReceiving("xml").method("GET").path("/xml").willRespondWith().status(200).body(xml());
    if (version == PactSpecVersion.V3) {
      answers = answers.given("a thing exists").uponReceiving("state-in-path").method("GET").pathFromProviderState("/things/${id}", "/things/1")
          .willRespondWith().status(200);
      answers = answers.uponReceiving("generated-moments").method("POST").path("/generated-moments").body(moments())
          .willRespondWith().status(200);
      answers = answers.given("a thing exists").uponReceiving("state-in-body").method("POST").path("/state-in-body")
          .body(LambdaDsl.newJsonBody(o -> o.valueFromProviderState("id", "${id}", "1")).build()).willRespondWith().status(200);
    }
    answers.toPact().write(folder, version);
  }

  static PactXmlBuilder xml() {
    return new PactXmlBuilder("things").build(root -> root.eachLike("thing", 1, Map.of("id", Matchers.integer(1L), "kind", "a"),
        thing -> thing.appendElement("name", Map.of(), Matchers.string("one"))));
  }

  static DslPart moments() {
    return LambdaDsl.newJsonBody(o -> o
        .dateExpression("date", "today + 1 day", "yyyy-MM-dd")
        .timeExpression("time", "now + 1 hour", "HH:mm:ss")
        .datetimeExpression("datetime", "today + 1 month @ now + 1 hour", "yyyy-MM-dd'T'HH:mm:ss")
        .uuid("uuid").id("integer")).build();
  }

  static void writeV4(String folder) {
    PactBuilder pact = new PactBuilder("app-v4", "things", PactSpecVersion.V4);
    for (var body : BODIES_V4.entrySet()) {
      pact = pact.given("a thing exists", Map.of("kind", "a")).expectsToReceiveHttpInteraction(body.getKey(), i -> i
          .withRequest(asked -> asked.method("GET").path("/" + body.getKey()))
          .willRespondWith(answered -> answered.status(200).body(LambdaDsl.newJsonBody(o -> body.getValue().accept(o)).build())));
    }
    pact = pact
        .expectsToReceiveHttpInteraction("path", i -> i
            .withRequest(asked -> asked.method("GET").path(Matchers.regexp("/path/\\d+", "/path/7"))).willRespondWith(answered -> answered.status(200)))
        .expectsToReceiveHttpInteraction("query", i -> i
            .withRequest(asked -> asked.method("GET").path("/query").queryParameter("q", Matchers.regexp("a+", "aa")).queryParameter("many", List.of("1", "2")))
            .willRespondWith(answered -> answered.status(200)))
        .expectsToReceiveHttpInteraction("request-header", i -> i
            .withRequest(asked -> asked.method("GET").path("/request-header").header("X-Id", Matchers.regexp("\\d+", "7")))
            .willRespondWith(answered -> answered.status(200)))
        .expectsToReceiveHttpInteraction("request-body", i -> i
            .withRequest(asked -> asked.method("POST").path("/request-body")
                .body(LambdaDsl.newJsonBody(o -> o.integerType("id", 7).minArrayLike("tags", 1, PactDslJsonRootValue.stringType("a"), 1)).build()))
            .willRespondWith(answered -> answered.status(200)))
        .expectsToReceiveHttpInteraction("answer-header", i -> i
            .withRequest(asked -> asked.method("GET").path("/answer-header"))
            .willRespondWith(answered -> answered.status(200).header("X-Kind", Matchers.regexp("a|b", "a"))))
        .expectsToReceiveHttpInteraction("answer-headers", i -> i
            .withRequest(asked -> asked.method("GET").path("/answer-headers"))
            .willRespondWith(answered -> answered.status(200).header("X-Many", List.of("a", "b"))))
        .expectsToReceiveHttpInteraction("text-body", i -> i
            .withRequest(asked -> asked.method("GET").path("/text-body"))
            .willRespondWith(answered -> answered.status(200).body("hello", "text/plain")))
        .expectsToReceiveHttpInteraction("empty-answer", i -> i
            .withRequest(asked -> asked.method("GET").path("/empty-answer")).willRespondWith(answered -> answered.status(204)))
        .expectsToReceiveHttpInteraction("status-class", i -> i
            .withRequest(asked -> asked.method("GET").path("/status-class")).willRespondWith(answered -> answered.successStatus()))
        .expectsToReceiveHttpInteraction("status-codes", i -> i
            .withRequest(asked -> asked.method("GET").path("/status-codes")).willRespondWith(answered -> answered.statusCodes(List.of(200, 201))))
        .expectsToReceiveHttpInteraction("xml", i -> i
            .withRequest(asked -> asked.method("GET").path("/xml")).willRespondWith(answered -> answered.status(200).body(xml())))
        .expectsToReceiveHttpInteraction("binary", i -> i
            .withRequest(asked -> asked.method("GET").path("/binary"))
            .willRespondWith(answered -> answered.status(200).bodyMatchingContentType("image/png", PIXEL)))
        .expectsToReceiveHttpInteraction("pending", i -> i.pending(true).comment("not there yet")
            .withRequest(asked -> asked.method("GET").path("/pending")).willRespondWith(answered -> answered.status(200)))
        .expectsToReceiveHttpInteraction("generated-moments", i -> i
            .withRequest(asked -> asked.method("POST").path("/generated-moments").body(moments()))
            .willRespondWith(answered -> answered.status(200)))
        .given("a thing exists").expectsToReceiveHttpInteraction("state-in-path", i -> i
            .withRequest(asked -> asked.method("GET").path(Matchers.fromProviderState("/things/${id}", "/things/1")))
            .willRespondWith(answered -> answered.status(200)))
        .given("a thing exists").expectsToReceiveHttpInteraction("state-in-body", i -> i
            .withRequest(asked -> asked.method("POST").path("/state-in-body")
                .body(LambdaDsl.newJsonBody(o -> o.valueFromProviderState("id", "${id}", "1")).build()))
            .willRespondWith(answered -> answered.status(200)));
    pact.toPact().write(folder, PactSpecVersion.V4);
  }

  static final byte[] PIXEL = Base64.getDecoder().decode(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  static void writeMessages(String folder) {
    var begun = new MessagePactBuilder(PactSpecVersion.V3).consumer("letters-v3").hasPactWith("things");
    for (var body : BODIES_V3.entrySet()) {
      begun = begun.given("a thing was made").expectsToReceive(body.getKey())
          .withMetadata(Map.of("topic", "things", "key", "a"))
          .withContent(LambdaDsl.newJsonBody(o -> body.getValue().accept(o)).build());
    }
    begun.<Pact>toPact().write(folder, PactSpecVersion.V3);
    PactBuilder pact = new PactBuilder("letters-v4", "things", PactSpecVersion.V4);
    for (var body : BODIES_V4.entrySet()) {
      pact = pact.given("a thing was made").expectsToReceiveMessageInteraction(body.getKey(), i -> i.withContents(event -> event
          .withMetadata(Map.of("topic", "things", "key", "a"))
          .withContent(LambdaDsl.newJsonBody(o -> body.getValue().accept(o)).build())));
    }
    pact.toPact().write(folder, PactSpecVersion.V4);
  }
}
