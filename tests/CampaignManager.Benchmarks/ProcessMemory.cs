using System.Globalization;

namespace CampaignManager.Benchmarks;

/// <summary>The most memory this process has had, as Linux counts it; what was needed before the part that is measured can be left out.</summary>
internal static class ProcessMemory
{
    /// <summary>Gives back what is not in use and counts the peak from here.</summary>
    public static void ForgetPeak()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // 5 resets VmHWM: proc(5), /proc/[pid]/clear_refs.
        File.WriteAllText("/proc/self/clear_refs", "5");
    }

    public static double PeakMegabytes() =>
        double.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
}
