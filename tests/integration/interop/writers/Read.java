import au.com.dius.pact.core.matchers.ResponseMatching;
import au.com.dius.pact.core.matchers.FullResponseMatch;
import au.com.dius.pact.core.model.*;
import java.io.File;
import java.nio.file.*;
import java.util.*;

/** Compares answers with a contract as pact-jvm does. Usage: PACT ANSWERS; a line of ANSWERS is description, status, header=value;..., body in base64, separated by tabs. */
public final class Read {
  public static void main(String[] arguments) throws Exception {
    Pact pact = DefaultPactReader.INSTANCE.loadPact(new File(arguments[0]));
    Map<String, Interaction> byName = new HashMap<>();
    for (Interaction each : pact.getInteractions()) byName.put(each.getDescription(), each);
    for (String line : Files.readAllLines(Path.of(arguments[1]))) {
      String[] parts = line.split("\t", -1);
      Map<String, List<String>> headers = new LinkedHashMap<>();
      for (String header : parts[2].isEmpty() ? new String[0] : parts[2].split("\u0001"))
        headers.computeIfAbsent(header.split("=", 2)[0], k -> new ArrayList<>()).add(header.split("=", 2)[1]);
      byte[] body = Base64.getDecoder().decode(parts[3]);
      ContentType type = headers.containsKey("Content-Type") ? ContentType.fromString(headers.get("Content-Type").get(0)) : ContentType.getUNKNOWN();
      HttpResponse actual = new HttpResponse(Integer.parseInt(parts[1]), headers, body.length == 0 ? OptionalBody.empty() : OptionalBody.body(body, type));
      Object found;
      try {
        var expected = byName.get(parts[0]).asSynchronousRequestResponse().getResponse();
        found = ResponseMatching.responseMismatches(expected, actual);
      } catch (Throwable error) { found = List.of("ERROR " + error); }
      System.out.println("RESULT\t" + parts[0] + "\t" + (((List<?>) found).isEmpty() ? "held" : "broken") + "\t" + found.toString().replaceAll("\\s+", " "));
    }
  }
}
