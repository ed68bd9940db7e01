using System.Text.Json;

namespace CampaignManager.Application.Imports;

/// <summary>What an import of a shop's files found and wrote, beside the counts of rows.</summary>
public sealed record ImportFindings
{
    /// <summary>Rows of the lake that were new or changed.</summary>
    public long Written { get; init; }

    /// <summary>Rows that stood there already, equal in all they say.</summary>
    public long Duplicates { get; init; }

    /// <summary>What writing did, by name and table.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();

    /// <summary>Rows a second, while it reads.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>The template the files were read by.</summary>
    public string? Template { get; init; }

    /// <summary>The shop's system that the rows count as.</summary>
    public string? Source { get; init; }

    /// <summary>Share of the orders whose lines, discounts and shipping give their total, 0 to 1; null where there are no totals.</summary>
    public double? Reconciled { get; init; }

    public IReadOnlyList<ImportCoverage> Coverage { get; init; } = [];

    /// <summary>Counts, sums of money, first and last time, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Figures { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>By reason of rejection, some of the rows.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ImportExample>> Examples { get; init; } = new Dictionary<string, IReadOnlyList<ImportExample>>();
}

/// <summary>The time that an import tells something about.</summary>
/// <param name="GapDays">Days between the first and the last on which nothing was told.</param>
public sealed record ImportCoverage(string Table, DateTime From, DateTime To, int GapDays);

/// <summary>A rejected row.</summary>
/// <param name="Row">0-based data row of its file.</param>
public sealed record ImportExample(long Row, string? Detail);
