namespace CampaignManager.Application.Imports;

/// <summary>What files can hold: the kinds that rooms have registered, by the names that the API calls them.</summary>
public sealed class ImportKindList(IEnumerable<IImportKind> kinds)
{
    private readonly IReadOnlyList<IImportKind> all = [.. kinds];

    /// <summary>As the API calls them.</summary>
    public IReadOnlyList<string> Names => [.. all.Select(k => k.Name)];

    /// <summary>What an upload is taken for that does not say.</summary>
    public string First => all[0].Name;

    /// <summary>More files than any import is made of are refused at once.</summary>
    public int MostOfAny => all.Max(k => k.MostFiles);

    /// <summary>Form fields that the API takes beside the mapping of a kind.</summary>
    public IReadOnlyList<string> OptionsOf(string kind) => Of(kind).Options;

    /// <summary>Form fields that any kind takes beside its mapping.</summary>
    public IReadOnlyList<string> AllOptions => [.. all.SelectMany(k => k.Options).Distinct()];

    /// <summary>How many files an import of this kind may be made of.</summary>
    public int MostFiles(string kind) => Of(kind).MostFiles;

    /// <summary>Reads a mapping as the kind of file writes it; also says which kinds there are when none is called so.</summary>
    public Outcome<ImportMapping> ParseMapping(string kind, string json) => Unknown(kind) is { } wrong ? wrong : Of(kind).Parse(json);

    /// <returns>What is wrong with the name of a kind; null when there is one.</returns>
    public Failure? Unknown(string? kind)
    {
        var supported = string.Join(", ", Names);
        if (string.IsNullOrEmpty(kind))
            return Failure.Invalid("kind", Names.Count == 1 ? $"Say what the file holds: kind={supported}." : $"Say what the file holds, one of: {supported}.");
        return Names.Contains(kind) ? null : Failure.Invalid("kind", $"Files of kind '{kind}' cannot be imported. Supported: {supported}.");
    }

    internal IImportKind Of(string name) => all.Single(k => k.Name == name);

    internal IImportKind Of(ImportRun import) => Of(import.Kind);
}
