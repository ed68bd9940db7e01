namespace CampaignManager.Benchmarks;

/// <summary>Peaks that leave out what was needed before the part that is measured.</summary>
internal static class ProcessMemory
{
    // Linux starts its peak anew when a 5 is written here: proc(5).
    private const string LastPeak = "/proc/self/clear_refs";

    /// <summary>Gives back what is not in use and counts the peak from here, where the system can.</summary>
    public static void ForgetPeak()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (File.Exists(LastPeak))
            File.WriteAllText(LastPeak, "5");
    }
}
