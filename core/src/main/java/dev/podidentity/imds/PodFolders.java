package dev.podidentity.imds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.http.HttpReply;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads which pods have credentials, and in which of the folders {@code iam-eks-<n>}. */
final class PodFolders {
  private static final Logger log = LoggerFactory.getLogger(PodFolders.class);

  private static final Pattern FOLDER = Pattern.compile("iam-eks-[0-9]{1,6}");
  private static final Pattern UID = Pattern.compile("[0-9A-Za-z-]{1,64}");
  private static final int MAX_FOLDERS = 50;
  private static final int MAX_PODS = 20_000;

  private final MetadataReads metadata;

  PodFolders(MetadataReads metadata) {
    this.metadata = metadata;
  }

  /**
   * The folder of each pod by its UID. What a folder had before is kept where it cannot be read.
   *
   * @throws IOException if it is not known which folders there are
   */
  Map<String, String> read(Map<String, String> before) throws IOException {
    HttpReply root = metadata.read("");
    if (!root.isOk()) {
      throw new IOException("the instance metadata service answered " + root.status());
    }
    List<String> folders =
        root.text()
            .lines()
            .map(line -> line.strip().replaceFirst("/$", ""))
            .filter(line -> FOLDER.matcher(line).matches())
            .distinct()
            .limit(MAX_FOLDERS)
            .toList();
    var pods = new HashMap<String, String>();
    for (String folder : folders) {
      add(folder, before, pods);
    }
    return Map.copyOf(pods);
  }

  private void add(String folder, Map<String, String> before, Map<String, String> pods) {
    try {
      HttpReply info = metadata.read(folder + "/info");
      if (!info.isOk()) {
        throw new IOException("answered " + info.status());
      }
      podsOf(StrictJson.readObject(info.body()))
          .forEach(
              (uid, status) -> {
                if (isThere(status) && UID.matcher(uid).matches() && pods.size() < MAX_PODS) {
                  pods.put(uid, folder);
                }
              });
    } catch (IOException | InvalidJsonException e) {
      log.atDebug()
          .addKeyValue("folder", folder)
          .addKeyValue("cause", e.getMessage())
          .log("The pods of a folder of the instance metadata service are not known");
      before.forEach(
          (uid, was) -> {
            if (was.equals(folder)) {
              pods.putIfAbsent(uid, folder);
            }
          });
    }
  }

  // The map itself, or an object that has it.
  private static Map<String, JsonNode> podsOf(ObjectNode info) {
    var pods = new HashMap<String, JsonNode>();
    JsonNode map = info.get("PodCredentials") instanceof ObjectNode inner ? inner : info;
    map.properties().forEach(pod -> pods.put(pod.getKey(), pod.getValue()));
    return pods;
  }

  private static boolean isThere(JsonNode status) {
    String code = status instanceof ObjectNode object ? StrictJson.text(object, "Code") : null;
    return "success".equalsIgnoreCase(code != null ? code : status.asText());
  }
}
