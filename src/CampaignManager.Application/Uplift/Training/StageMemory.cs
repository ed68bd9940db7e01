namespace CampaignManager.Application.Uplift.Training;

/// <summary>
/// What a stage of a large run no longer needs goes when the stage ends: left alone, the collector lets arrays of hundreds of megabytes lie until as much again has been
/// asked for, and keeps what they took for itself.
/// </summary>
internal static class StageMemory
{
    /// <summary>Below this there is nothing worth collecting.</summary>
    private const int Large = 200_000;

    /// <summary>While the table is still in use: in the background, so that a web node that trains goes on answering.</summary>
    public static void Release(int rows)
    {
        if (rows >= Large)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }

    /// <summary>When nothing of the table is in use any more: what is left to look through is small, and the system gets all the rest back.</summary>
    public static void Return(int rows)
    {
        if (rows >= Large)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
