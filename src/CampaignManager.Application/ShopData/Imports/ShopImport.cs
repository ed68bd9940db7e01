using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>One kind of a shop's files; all of them come in the same way, by a template.</summary>
/// <param name="kind"><see cref="Templates.TemplateKinds"/>.</param>
internal sealed class ShopImport(
    string kind, ImportTemplateService templates, DemoDataPresent demo, Writing.ShopWriter writer, PastCampaigns past, ShopDataChanged changed,
    IEnumerable<PastCampaignsChanged> campaignsChanged) : IImportKind
{
    public string Name => kind;

    public string JobKind => ImportShopFilesJob.Kind;

    public int MostFiles => 20;

    public bool GuessesInJob => true;

    public IReadOnlyList<string> Options { get; } =
        [ImportOption.Template, ImportOption.Zone, ImportOption.Currency, ImportOption.Encoding, ImportOption.Source, ImportOption.DryRun];

    public ImportMapping Guess(FileInspection file, string fileName, string currency, string? encoding) => new ShopMapping { Encoding = encoding };

    public Outcome<ImportMapping> Parse(string json) => ShopMappingJson.Parse(kind, json);

    public Failure? Check(ImportMapping mapping, string path, string currency) => templates.Check(kind, (ShopMapping)mapping);

    // Its files say something only together: ShopImportService tries them.
    public Outcome<ImportTrial> Try(ImportMapping mapping, string path, string currency, CancellationToken cancel) => throw new NotSupportedException();

    public async Task<Failure?> RefuseAsync(CancellationToken cancellationToken) => await demo(cancellationToken) ? DemoRefusal.Failure : null;

    public ImportMapping Answer(ImportMapping mapping, IReadOnlyDictionary<string, string> answers)
    {
        var shop = (ShopMapping)mapping;
        return shop with { Answers = shop.Answers.Concat(answers).GroupBy(a => a.Key).ToDictionary(a => a.Key, a => a.Last().Value) };
    }

    public bool CanUndo => true;

    public async Task UndoAsync(Guid importId, Action<double> progress, CancellationToken cancellationToken)
    {
        await writer.UndoAsync(importId, cancellationToken, progress);
        past.Forget(importId);
        foreach (var tell in campaignsChanged)
            await tell(CancellationToken.None);
        await changed(CancellationToken.None);
    }
}
