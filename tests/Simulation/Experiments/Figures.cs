namespace CampaignManager.Simulation.Experiments;

/// <summary>What runs of a simulation counted and summed; parts add up.</summary>
public sealed class Figures
{
    private readonly SortedDictionary<string, double> sums = [];

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, double> Sums => sums;

    /// <summary>Of a name; 0 where nothing was added.</summary>
    public double this[string name] => sums.GetValueOrDefault(name);

    /// <summary>Adds to a sum.</summary>
    public void Add(string name, double value) => sums[name] = this[name] + value;

    /// <summary>Counts what happened.</summary>
    public void Count(string name, bool happened = true) => Add(name, happened ? 1 : 0);

    /// <summary>Adds another part.</summary>
    public void Add(IReadOnlyDictionary<string, double> other)
    {
        foreach (var (name, value) in other) Add(name, value);
    }

    /// <summary>A count as a share of another.</summary>
    public double Share(string name, string of) => this[name] / this[of];
}
