package till;

import static au.com.dius.pact.consumer.dsl.LambdaDsl.newJsonBody;
import static org.junit.jupiter.api.Assertions.assertEquals;

import au.com.dius.pact.consumer.MockServer;
import au.com.dius.pact.consumer.dsl.Matchers;
import au.com.dius.pact.consumer.dsl.PactBuilder;
import au.com.dius.pact.consumer.junit5.PactConsumerTest;
import au.com.dius.pact.consumer.junit5.PactTestFor;
import au.com.dius.pact.core.model.V4Pact;
import au.com.dius.pact.core.model.annotations.Pact;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

@PactConsumerTest
class OrdersTest {
  @Pact(consumer = "till", provider = "orders")
  V4Pact order(PactBuilder pact) {
    return pact
        .given("an order exists", Map.of("sku", "C-3"))
        .expectsToReceiveHttpInteraction("what an order costs", interaction -> interaction
            .withRequest(request -> request
                .method("GET")
                .path(Matchers.fromProviderState("/orders/${id}", "/orders/o-1"))
                .header("Accept", "application/json"))
            .willRespondWith(response -> response
                .status(200)
                .body(newJsonBody(order -> order
                    .stringMatcher("status", "open|paid", "open")
                    .numberType("total", 10.5)
                    .datetime("placed", "yyyy-MM-dd'T'HH:mm:ssX", java.time.Instant.parse("2026-01-31T10:00:00Z"))
                    .eachLike("lines", line -> line.stringType("sku", "C-3").integerType("quantity", 1))).build())))
        .toPact();
  }

  @Test
  @PactTestFor(pactMethod = "order")
  void showsWhatAnOrderCosts(MockServer server) throws IOException, InterruptedException {
    assertEquals(10.5, new Orders(server.getUrl()).total("o-1"));
  }
}
