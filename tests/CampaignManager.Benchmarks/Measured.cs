using System.Diagnostics;
using System.Text.Json;

namespace CampaignManager.Benchmarks;

/// <summary>One size's figures, measured in a process of its own, so that its peak of memory is its own.</summary>
/// <param name="Seconds">By step, in order.</param>
/// <param name="Facts">What came out, by name.</param>
/// <param name="PeakMegabytes">Most memory the process held.</param>
internal sealed record Measured(Dictionary<string, double> Seconds, Dictionary<string, string> Facts, double PeakMegabytes)
{
    private const string Answer = "measured:";

    public static async Task<int> ChildAsync(string[] args)
    {
        int Size() => int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
        var measured = args[0] switch
        {
            UpliftSpeedBenchmark.One => UpliftSpeedBenchmark.Measure(args[1..]),
            ImportTrainBenchmark.One => await ImportTrainBenchmark.MeasureAsync(args[1..]),
            DemoBenchmark.One => await DemoBenchmark.MeasureAsync(Size()),
            ReplayBenchmark.One => await ReplayBenchmark.MeasureAsync(Size()),
            _ => await TrainBenchmark.MeasureAsync(Size()),
        };
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(Answer + JsonSerializer.Serialize(measured with { PeakMegabytes = self.PeakWorkingSet64 / 1e6 }));
        return 0;
    }

    public static async Task<Measured> InChildAsync(string verb, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // Started by the dotnet host, or as the program itself.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(Measured).Assembly.Location);
        start.ArgumentList.Add(verb);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith(Answer, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{verb} {string.Join(' ', arguments)} ended with code {child.ExitCode} and no figures.");
        return JsonSerializer.Deserialize<Measured>(line[Answer.Length..])!;
    }

    public static void Print(IReadOnlyList<(string Name, Measured Measured)> columns)
    {
        Console.WriteLine("| | " + string.Join(" | ", columns.Select(c => c.Name)) + " |");
        Console.WriteLine("|---|" + string.Concat(columns.Select(_ => "---:|")));
        foreach (var step in columns[0].Measured.Seconds.Keys)
            Row(step, c => FormattableString.Invariant($"{c.Seconds[step]:0.0} s"));
        foreach (var fact in columns[0].Measured.Facts.Keys)
            Row(fact, c => c.Facts.GetValueOrDefault(fact, ""));
        Row("peak memory", c => FormattableString.Invariant($"{c.PeakMegabytes:0} MB"));

        void Row(string name, Func<Measured, string> cell) => Console.WriteLine($"| {name} | " + string.Join(" | ", columns.Select(c => cell(c.Measured))) + " |");
    }
}
