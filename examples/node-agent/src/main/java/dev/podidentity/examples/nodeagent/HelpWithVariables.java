package dev.podidentity.examples.nodeagent;

import java.util.Arrays;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IOptionRenderer;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Help that shows the environment variable of each flag in a line below its description. */
final class HelpWithVariables extends Help {
  HelpWithVariables(CommandSpec spec, ColorScheme colors) {
    super(spec, colors);
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
