package dev.podidentity.imds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.http.HttpReply;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import dev.podidentity.schedule.Ticker;
import java.io.IOException;
import java.time.Duration;
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

  /** How long folders are read; a service that takes its second for each is left at that. */
  private static final Duration MAX_TIME = Duration.ofSeconds(5);

  private final MetadataReads metadata;
  private final Ticker ticker;

  PodFolders(MetadataReads metadata, Ticker ticker) {
    this.metadata = metadata;
    this.ticker = ticker;
  }

  /**
   * The folder of each pod by its UID. What a folder had before is kept where it cannot be read.
   *
   * @throws IOException if it is not known which folders there are
   */
  Map<String, String> read(Map<String, String> before) throws IOException {
    long start = ticker.read();
    HttpReply root = metadata.read("");
    if (!root.isOk()) {
      throw new IOException("the instance metadata service answered " + root.status());
    }
    var pods = new HashMap<String, String>();
    for (String folder : named(root.text())) {
      add(folder, start, before, pods);
    }
    return Map.copyOf(pods);
  }

  /** The folders of pods that a listing names; of whatever else it names, nothing. */
  static List<String> named(String listing) {
    return listing
        .lines()
        .map(line -> line.strip().replaceFirst("/$", ""))
        .filter(line -> FOLDER.matcher(line).matches())
        .distinct()
        .limit(MAX_FOLDERS)
        .toList();
  }

  private void add(
      String folder, long start, Map<String, String> before, Map<String, String> pods) {
    try {
      if (ticker.read() - start > MAX_TIME.toNanos()) {
        throw new IOException("there was no more time");
      }
      HttpReply info = metadata.read(folder + "/info");
      if (!info.isOk()) {
        throw new IOException("answered " + info.status());
      }
      for (String uid : pods(info.body())) {
        if (pods.size() < MAX_PODS) {
          pods.put(uid, folder);
        }
      }
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

  /**
   * The UIDs that a folder's map says credentials are there for.
   *
   * @throws InvalidJsonException if it is no map
   */
  static List<String> pods(byte[] info) throws InvalidJsonException {
    ObjectNode json = StrictJson.readObject(info);
    // The map itself, or an object that has it.
    JsonNode map = json.get("PodCredentials") instanceof ObjectNode inner ? inner : json;
    return map.properties().stream()
        .filter(pod -> isThere(pod.getValue()) && UID.matcher(pod.getKey()).matches())
        .map(Map.Entry::getKey)
        .limit(MAX_PODS)
        .toList();
  }

  private static boolean isThere(JsonNode status) {
    String code = status instanceof ObjectNode object ? StrictJson.text(object, "Code") : null;
    return "success".equalsIgnoreCase(code != null ? code : status.asText());
  }
}
