namespace CampaignManager.Application.Imports;

/// <summary>What whoever knows a source says of the form of its tables.</summary>
/// <param name="Delimiter">Null: found out.</param>
/// <param name="Header">Column names of a table that has none of its own; null: they stand in its first line.</param>
/// <param name="Quoted">False: a quote is a letter like any other.</param>
internal sealed record CsvForm(char? Delimiter = null, IReadOnlyList<string>? Header = null, bool Quoted = true);
