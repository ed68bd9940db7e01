using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Sources;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.ShopData.Incoming;

/// <param name="Entries">As they were seen; one that has changed since stays for the next look.</param>
public sealed record TakeFiles(IReadOnlyList<QuietEntry> Entries);

/// <summary>
/// Takes files out of the watched folder and makes imports of them. Killed half-way and run again it goes on with what was taken before.
/// </summary>
internal sealed class TakeFilesJob(
    WatchedFolder folder, IncomingImports incoming, ImportTemplateService templates, IOptions<IncomingOptions> options,
    IOptions<ImportOptions> limits, TimeProvider time) : IJob
{
    public const string Kind = "take-files";

    private static readonly JobStage Taking = new("taking-files");

    public static readonly JobKind Declared = new(Kind, Taking);

    public sealed record Result(int Imports, int Refused);

    public async Task<object?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        foreach (var entry in context.Arguments<TakeFiles>().Entries)
        {
            await context.EnsureClaimedAsync(cancellationToken);
            folder.Take(entry, Guid.CreateVersion7(time.GetUtcNow()));
        }

        var (started, refused) = (0, 0);
        var all = folder.Taken();
        for (var i = 0; i < all.Count; i++)
        {
            await context.ReportAsync(Taking, (double)i / all.Count, cancellationToken);
            await context.EnsureClaimedAsync(cancellationToken);
            if (await StartAsync(all[i], cancellationToken) is { } failure)
            {
                var why = failure.Code == "invalid" ? failure.Errors?.Values.FirstOrDefault()?.FirstOrDefault() : null;
                folder.Refuse(all[i], failure.Code, why ?? failure.Message);
                refused++;
            }
            else
            {
                started++;
            }
        }

        return new Result(started, refused);
    }

    private async Task<Failure?> StartAsync(TakenEntry entry, CancellationToken cancel)
    {
        try
        {
            var book = await templates.BookAsync(cancel);
            var kinds = await Task.Run(
                () => book.Recognise(null, [.. entry.Files.Select(f => Columns(f, cancel))]).Select(t => t.Kind).Distinct().ToList(),
                cancel);
            if (kinds.Count != 1)
            {
                return kinds.Count == 0
                    ? new Failure(FailureKind.Invalid, "no-template",
                        $"No template fits {entry.Name}. Save one for its columns under Data, Templates.")
                    : new Failure(FailureKind.Invalid, "which-template",
                        $"{entry.Name} may hold {string.Join(" or ", kinds)}. Import it by hand, or save a template that says which.");
            }

            var mapping = new ShopMapping
            {
                Zone = options.Value.Zone is { Length: > 0 } zone ? zone : null,
                Currency = options.Value.Currency is { Length: > 0 } currency ? currency : null,
            };
            var files = entry.Files.Select(f => (Path.GetFileName(f), f)).ToList();
            return (await incoming.StartAsync(entry.Id, kinds[0], mapping, files, cancel)).Failure;
        }
        catch (ImportRefusedException refusal)
        {
            return new Failure(FailureKind.Invalid, refusal.Code, refusal.Message);
        }
    }

    private IReadOnlyList<string> Columns(string file, CancellationToken cancel) =>
        RowSources.Open(file, Path.GetFileName(file), new SourceOptions { Limits = limits.Value }, cancel).Columns;
}
