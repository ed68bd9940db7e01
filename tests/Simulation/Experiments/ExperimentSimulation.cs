using CampaignManager.Engine.Statistics;

namespace CampaignManager.Simulation.Experiments;

/// <summary>One kind of experiment, run many times; run k is the same whatever ran before it and on which machine.</summary>
/// <param name="Group">Which table it belongs to.</param>
/// <param name="Name">Its row: everything it is made of, so that equal names have equal draws.</param>
public abstract record ExperimentSimulation(string Group, string Name)
{
    /// <summary>Runs counted.</summary>
    public const string Runs = "runs";

    /// <summary>One experiment.</summary>
    protected abstract void Run(SeededRandom random, Figures figures);

    /// <summary>Runs from the given one on.</summary>
    public Figures Several(int from, int count)
    {
        var figures = new Figures();
        var seed = new SeededRandom(Stream($"{Group}|{Name}"));
        for (var k = from; k < from + count; k++)
        {
            figures.Count(Runs);
            Run(seed.Fork((ulong)k), figures);
        }
        return figures;
    }

    // FNV-1a: a string's own hash differs from process to process.
    private static ulong Stream(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text) hash = unchecked((hash ^ letter) * 1099511628211UL);
        return hash;
    }
}
