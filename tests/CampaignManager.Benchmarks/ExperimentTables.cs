using CampaignManager.Simulation.Experiments;

namespace CampaignManager.Benchmarks;

/// <summary>The tables of <see cref="ExperimentsBenchmark"/>, with the goals beside the figures.</summary>
internal static class ExperimentTables
{
    private const double FewestPass = 0.2;

    public static void Print(string group, IReadOnlyList<(ExperimentSimulation Row, Figures Figures)> rows)
    {
        var (title, header, line) = group switch
        {
            ExperimentRows.NoEffect => ("No effect: what the decision at the planned end claims (goal 3.2 to 6.5 % in total, .9 to 4.0 % a side)",
                "| metric | buy | customers | held out | pass the gate | \"keep\" | \"stop\" | errors | plain Welch: keep + stop | goal |", (Func<ExperimentSimulation, Figures, string>)NoEffect),
            ExperimentRows.Coverage => ("Real effects: the interval shown (95.5 %) holds the true capped effect (goal 93.5 to 96.5 %)",
                "| metric | buy | customers | held out | times as many buyers | times as large baskets | pass the gate | covers | \"keep\" | \"stop\" | goal |", Coverage),
            ExperimentRows.Plans => ("The smallest effect that the plan says is seen four times in five: how often it is",
                "| metric | buy | customers | held out | times as many buyers | found with all of α | found at the end of a campaign that was looked at |", Plans),
            ExperimentRows.Peeking => ("Looked at every day for nine weeks (goal without an effect: at most 5.9 % of campaigns in which any look or the end claims one)",
                "| metric | customers | there at launch | held out | times as many buyers | end | a look: good + bad | the end: good + bad | any | one reading at the end, 5 % | goal |", Peeking),
            ExperimentRows.Covariates => ("CUPED (goal: no bias, |mean error| below three of its own errors; coverage 93.5 to 96.5 %)",
                "| metric | customers | held out | likeness of baskets | times as many buyers | mean error in sd | of the plain effect | covers | cut promised | cut had | goal |", Covariates),
            ExperimentRows.Segments => ("Segments of four dimensions (2, 3, 4, 5 levels): which are called different (nominal: of what is called different 10 % is not, goal: at most that and three errors of it)",
                "| metric | customers | held out | times as many buyers | in half of the first dimension | false of those called | the first | some cell alone at 5 % | goal |", Segments),
            ExperimentRows.Splits => ("Sample ratios looked at every day for four weeks",
                "| customers | held out | treated lost from the third day on | an alarm at some look | at the end | days until the first |", Splits),
            _ => throw new ArgumentOutOfRangeException(nameof(group), group, "No such table."),
        };
        Console.WriteLine($"{title}:\n\n{header}");
        Console.WriteLine(string.Concat(Enumerable.Repeat("|---", header.Count(c => c == '|') - 1)) + "|");
        foreach (var (row, figures) in rows)
            Console.WriteLine(line(row, figures));
        Console.WriteLine();
    }

    private static string NoEffect(ExperimentSimulation row, Figures f)
    {
        double keep = f.Share(ClosedExperiment.Keep, ClosedExperiment.Passed), stop = f.Share(ClosedExperiment.Stop, ClosedExperiment.Passed);
        var cells = string.Join(" | ", row.Name.Split('|')[..4]);
        var pass = f.Share(ClosedExperiment.Passed, ExperimentSimulation.Runs);
        if (pass < FewestPass)
            return FormattableString.Invariant($"| {cells} | {100 * pass:0.0} % | | | gated | | |");
        var met = keep + stop is >= 0.032 and <= 0.065 && keep is >= 0.009 and <= 0.04 && stop is >= 0.009 and <= 0.04;
        return FormattableString.Invariant(
            $"| {cells} | {100 * pass:0.0} % | {100 * keep:0.00} % | {100 * stop:0.00} % | {100 * (keep + stop):0.00} % | {Of(f, ClosedExperiment.WelchKeep)} + {Of(f, ClosedExperiment.WelchStop)} | {Met(met)} |");
    }

    private static string Coverage(ExperimentSimulation row, Figures f)
    {
        var pass = f.Share(ClosedExperiment.Passed, ExperimentSimulation.Runs);
        var covers = f.Share(ClosedExperiment.Covers, ClosedExperiment.Passed);
        return FormattableString.Invariant(
            $"| {string.Join(" | ", row.Name.Split('|'))} | {100 * pass:0.0} % | {(pass < FewestPass ? "gated | | | |" : $"{100 * covers:0.00} % | {Of(f, ClosedExperiment.Keep)} | {Of(f, ClosedExperiment.Stop)} | {Met(covers is >= 0.935 and <= 0.965)} |")}");
    }

    private static string Of(Figures f, string name) => FormattableString.Invariant($"{100 * f.Share(name, ClosedExperiment.Passed):0.00} %");

    private static string Met(bool met) => met ? "met" : "**missed**";

    private static string Plans(ExperimentSimulation row, Figures f) =>
        FormattableString.Invariant($"| {string.Join(" | ", row.Name.Split('|')[..5])} | {Of(f, ClosedExperiment.FixedKeep)} | {Of(f, ClosedExperiment.Keep)} |");

    private static string Peeking(ExperimentSimulation row, Figures f)
    {
        var cells = row.Name.Split('|');
        var noEffect = cells[4] == "1";
        return FormattableString.Invariant(
            $"| {string.Join(" | ", cells)} | {All(PeekedCampaign.LookGood)} + {All(PeekedCampaign.LookBad)} | {All(PeekedCampaign.EndGood)} + {All(PeekedCampaign.EndBad)} | {All(noEffect ? PeekedCampaign.Any : PeekedCampaign.Good)} | {All(PeekedCampaign.FixedGood)} + {All(PeekedCampaign.FixedBad)} | {(noEffect ? Met(f.Share(PeekedCampaign.Any, ExperimentSimulation.Runs) <= 0.059) : "power")} |");

        string All(string name) => Percent(f, name);
    }

    private static string Covariates(ExperimentSimulation row, Figures f)
    {
        double runs = f[ExperimentSimulation.Runs], bias = CovariateExperiment.Bias(f), covers = f.Share(CovariateExperiment.Covers, ExperimentSimulation.Runs);
        var met = Math.Abs(bias) < 3 / Math.Sqrt(runs) && covers is >= 0.935 and <= 0.965;
        return FormattableString.Invariant(
            $"| {string.Join(" | ", row.Name.Split('|'))} | {bias:+0.0000;−0.0000} | {CovariateExperiment.Bias(f, raw: true):+0.0000;−0.0000} | {100 * covers:0.00} % | {100 * f[CovariateExperiment.Cut] / runs:0.0} % | {100 * (1 - f[CovariateExperiment.SquaredError] / f[CovariateExperiment.SquaredRawError]):0.0} % | {Met(met)} |");
    }

    private static string Segments(ExperimentSimulation row, Figures f) => FormattableString.Invariant(
        $"| {string.Join(" | ", row.Name.Split('|'))} | {Percent(f, SegmentedExperiment.False)} | {Percent(f, SegmentedExperiment.First)} | {Percent(f, SegmentedExperiment.AnyCell)} | {Met(f.Share(SegmentedExperiment.False, ExperimentSimulation.Runs) <= 0.1 + (3 * Math.Sqrt(0.09 / f[ExperimentSimulation.Runs])))} |");

    private static string Splits(ExperimentSimulation row, Figures f) => FormattableString.Invariant(
        $"| {string.Join(" | ", row.Name.Split('|'))} | {Percent(f, SplitWatch.Alarm)} | {Percent(f, SplitWatch.AtEnd)} | {f[SplitWatch.Day] / f[SplitWatch.Alarm]:0.0} |");

    private static string Percent(Figures f, string name) => FormattableString.Invariant($"{100 * f.Share(name, ExperimentSimulation.Runs):0.00} %");
}
