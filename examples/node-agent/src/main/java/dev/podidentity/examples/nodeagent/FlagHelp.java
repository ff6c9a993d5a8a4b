package dev.podidentity.examples.nodeagent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IOptionRenderer;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/**
 * Help that shows flags in sections, as they are declared, those of every command last, and the
 * environment variable of each in a line below its description. A mixin whose name ends with a
 * colon is a section of that heading.
 *
 * <p>Picocli has headings for argument groups alone, and forgets what a group's flags were given
 * where one of them is repeated.
 */
final class FlagHelp extends Help {
  private static final String OF_EVERY_COMMAND = "Every command:";

  private final Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();

  FlagHelp(CommandSpec spec, ColorScheme colors) {
    super(spec, colors);
    addSections(spec);
    sections.put(OF_EVERY_COMMAND, spec.options().stream().filter(FlagHelp::isInherited).toList());
  }

  private void addSections(CommandSpec spec) {
    spec.mixins()
        .forEach(
            (name, mixin) -> {
              if (name.endsWith(":")) {
                sections.put(name, mixin.options());
              } else {
                addSections(mixin);
              }
            });
  }

  private static boolean isInherited(OptionSpec option) {
    return option.inherited()
        || option.scopeType() == ScopeType.INHERIT
        || option.usageHelp()
        || option.versionHelp();
  }

  @Override
  public @Nullable Comparator<OptionSpec> createDefaultOptionSort() {
    return null;
  }

  @Override
  public String optionList(
      Layout layout, @Nullable Comparator<OptionSpec> sort, IParamLabelRenderer label) {
    List<OptionSpec> others = new ArrayList<>(commandSpec().options());
    sections.values().forEach(others::removeAll);
    var text = new StringBuilder(optionListExcludingGroups(others, layout, sort, label));
    sections.forEach(
        (heading, options) ->
            text.append(createHeading("%n" + heading + "%n"))
                .append(optionListExcludingGroups(options, createDefaultLayout(), sort, label)));
    return text.toString();
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer plain = super.createDefaultOptionRenderer();
    return (option, label, colors) ->
        EnvironmentDefaults.hasVariable(option)
            ? withVariable(plain, option, label, colors)
            : plain.render(option, label, colors);
  }

  private static Text[][] withVariable(
      IOptionRenderer plain, OptionSpec option, IParamLabelRenderer label, ColorScheme colors) {
    Text[][] lines = plain.render(option, label, colors);
    Text[][] more = Arrays.copyOf(lines, lines.length + 1);
    Text[] last = lines[0].clone();
    Arrays.fill(last, colors.text(""));
    last[last.length - 1] = colors.text("[" + EnvironmentDefaults.variable(option) + "]");
    more[lines.length] = last;
    return more;
  }
}
