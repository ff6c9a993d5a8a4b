package dev.podidentity.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tokens of {@code hostile-tokens.jsonl}: each line has a name, a header, a payload and how
 * they are signed, or else a whole text; and why a verifier refuses it. Their characters are bytes.
 */
final class HostileTokenCorpus {
  /** What only a verifier finds: the token can be read, and lacks what a projected one has. */
  static final String FOR_VERIFIER = "_FOR_VERIFIER";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern REPEAT = Pattern.compile("\\$REPEAT(\\d+)\\(([^)]+)\\)");

  private final TokenForge forge;
  private final String victim;
  private final String trap;

  /** Tokens that all mean this pod; those that name a place for keys name the trap. */
  HostileTokenCorpus(TokenForge forge, String victim, String trap) {
    this.forge = forge;
    this.victim = victim;
    this.trap = trap;
  }

  /**
   * One of them. Printed by its name, so that no report shows what looks like a token.
   *
   * @param name what is wrong with it
   * @param text the token
   * @param refused why
   */
  record Hostile(String name, String text, String refused) {
    @Override
    public String toString() {
      return name;
    }
  }

  List<Hostile> all() {
    try (var in = HostileTokenCorpus.class.getResourceAsStream("hostile-tokens.jsonl")) {
      if (in == null) {
        throw new IllegalStateException("the corpus is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(this::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Hostile read(String line) {
    JsonNode fields;
    try {
      fields = JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
    String text =
        fields.has("text")
            ? fill(fields.get("text").textValue())
            : forge.signed(
                fill(fields.get("header").textValue()),
                fill(fields.get("payload").textValue()),
                fields.get("signature").textValue());
    return new Hostile(fields.get("name").textValue(), text, fields.get("refused").textValue());
  }

  private String fill(String template) {
    String genuine = forge.genuine(victim);
    List<String> parts = Stream.of(genuine.split("\\.", -1)).toList();
    String filled =
        template
            .replace("$CLAIMS", forge.claims(victim))
            .replace("$KUBERNETES", forge.kubernetes(victim))
            .replace("$ISSUER", TokenForge.ISSUER)
            .replace("$ISS", forge.issuer())
            .replace("$SUB", forge.subject())
            .replace("$AUD", forge.audience())
            .replace("$TIMES", forge.times())
            .replace("$KID", forge.keyId())
            .replace("$POD_UID", "uid-of-" + victim)
            .replace("$OTHER_JWK", forge.otherJwk())
            .replace("$TRAP", trap)
            .replace("$GENUINE_HEADER", parts.get(0))
            .replace("$GENUINE_PAYLOAD", parts.get(1))
            .replace("$GENUINE", genuine);
    return REPEAT.matcher(filled).replaceAll(HostileTokenCorpus::repeat);
  }

  private static String repeat(MatchResult match) {
    return match.group(2).repeat(Integer.parseInt(match.group(1)));
  }
}
