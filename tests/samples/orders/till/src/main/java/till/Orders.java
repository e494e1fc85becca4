package till;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/** What the till knows of orders. */
public final class Orders {
  private static final Pattern TOTAL = Pattern.compile("\"total\"\\s*:\\s*(\\d+(\\.\\d+)?)");
  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;

  public Orders(String url) {
    this.url = url;
  }

  /** Returns what is to be paid. */
  public double total(String order) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url + "/orders/" + order)).header("Accept", "application/json").build();
    var response = client.send(request, BodyHandlers.ofString());
    var total = TOTAL.matcher(response.body());
    if (response.statusCode() != 200 || !total.find()) {
      throw new IOException("no total of " + order + ": " + response.statusCode() + " " + response.body());
    }
    return Double.parseDouble(total.group(1));
  }
}
