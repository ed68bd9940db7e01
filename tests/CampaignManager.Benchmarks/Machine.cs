using System.Globalization;
using System.Runtime.InteropServices;

namespace CampaignManager.Benchmarks;

/// <summary>What a figure was measured on.</summary>
internal static class Machine
{
    public static string Describe(string command) => string.Create(CultureInfo.InvariantCulture, $"""
        - {TimeProvider.System.GetLocalNow():yyyy-MM-dd}, {Cpu()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}
        - `{command}`

        """);

    private static string Cpu()
    {
        const string Info = "/proc/cpuinfo";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
