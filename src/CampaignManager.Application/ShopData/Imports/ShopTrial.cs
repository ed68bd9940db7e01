using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>What an import would do, by the first rows of its files; nothing was kept.</summary>
/// <param name="RowsRead">Rows looked at.</param>
/// <param name="Whole">Those are all.</param>
/// <param name="Template">What it was read by; null while it is asked.</param>
/// <param name="Rejected">By reason.</param>
public sealed record ShopTrial(
    long RowsRead, bool Whole, string? Template, IReadOnlyList<ImportQuestion> Questions, ImportFindings Findings, long Repaired, long Rejected,
    IReadOnlyDictionary<string, long> Reasons, StoredPreview Preview);

/// <summary>The first rows as they will be stored: personal ids are pseudonyms, and what is dropped is not there.</summary>
/// <param name="Dropped">Columns of the files that never get in.</param>
public sealed record StoredPreview(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Dropped)
{
    public static readonly StoredPreview None = new([], [], []);
}
