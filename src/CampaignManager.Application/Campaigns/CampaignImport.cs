using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Campaigns;

/// <summary>One campaign of a file.</summary>
/// <param name="Index">Its place in the file, from 0.</param>
/// <param name="Id">As the file says; null for none.</param>
/// <param name="Draft">Null when it could not be read.</param>
/// <param name="Errors">Why not, by the path inside the campaign.</param>
public sealed record ImportedCampaign(int Index, Guid? Id, CampaignDraft? Draft, IReadOnlyDictionary<string, string[]>? Errors = null);

public enum ImportOutcome
{
    /// <summary>A draft is made.</summary>
    New,

    /// <summary>A draft is changed.</summary>
    Changed,

    /// <summary>A running campaign's longer run or larger budget waits for a manager.</summary>
    Pending,

    /// <summary>It is as the file says.</summary>
    Unchanged,

    /// <summary>It cannot be; the reasons stand by their paths.</summary>
    Refused,
}

/// <summary>One field that differs, in words.</summary>
public sealed record ImportChange(string Path, string Label, string Before, string After);

/// <param name="Id">The campaign that is meant; null for a new one.</param>
/// <param name="Status">Where that campaign stands.</param>
/// <param name="Problems">Why it is refused, by the path in the file.</param>
public sealed record PlannedImport(
    int Index, string Name, Guid? Id, ImportOutcome Outcome, CampaignStatus? Status, IReadOnlyList<ImportChange> Changes, IReadOnlyList<RuleError> Problems)
{
    /// <summary>The problems as the API tells them.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => Problems.GroupBy(p => p.Path).ToDictionary(g => g.Key, g => g.Select(p => p.Message).ToArray());

    internal int Version { get; init; }

    internal CampaignDraft? Draft { get; init; }

    /// <summary>The changes of a running campaign that nobody asked for yet.</summary>
    internal IReadOnlyList<CampaignChangeKind> Asks { get; init; } = [];
}

/// <summary>What importing a file does, campaign by campaign.</summary>
/// <param name="Stamp">The same as long as it would do the same.</param>
public sealed record CampaignImportPlan(IReadOnlyList<PlannedImport> Campaigns, string Stamp)
{
    /// <summary>Nothing is refused.</summary>
    public bool Possible => Campaigns.All(c => c.Outcome != ImportOutcome.Refused);

    public int Count(ImportOutcome outcome) => Campaigns.Count(c => c.Outcome == outcome);
}
