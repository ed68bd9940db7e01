using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>How a file is to be read, as far as a template or a person says; the rest is found out.</summary>
public sealed record SourceOptions
{
    public ImportOptions Limits { get; init; } = new();

    /// <summary>By the names that mappings use; null finds it out.</summary>
    public string? Encoding { get; init; }

    /// <summary>Which of the likely ones it is, where the bytes fit more than one: a person's answer to <c>encoding-unsure</c>.</summary>
    public string? IfUnsure { get; init; }

    public char? Delimiter { get; init; }

    /// <summary>Column names of a table without a header; null: they stand in its first line, or the source is one that is known by its
    /// form.</summary>
    public IReadOnlyList<string>? Header { get; init; }

    /// <summary>A line in the middle that says the header again is no row (<c>header-again</c>).</summary>
    public bool RepeatedHeader { get; init; } = true;
}

/// <summary>Why a row of a file cannot be read, beside the reasons of a table's rows (<see cref="RejectReason"/>).</summary>
public static class RowFault
{
    /// <summary>The row is the header once more.</summary>
    public const string HeaderAgain = "header-again";

    /// <summary>No JSON object.</summary>
    public const string BadJson = "bad-json";

    /// <summary>JSON nested deeper than anything a shop says.</summary>
    public const string TooDeep = "too-deep";

    /// <summary>One row larger than 4 MB.</summary>
    public const string RowTooLong = "row-too-long";

    public static readonly IReadOnlyList<string> All = [HeaderAgain, BadJson, TooDeep, RowTooLong];
}
