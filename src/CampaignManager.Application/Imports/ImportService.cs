using System.Text.Json;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Imports;

/// <summary>Files on their way into the lake: upload, look, try, run, report. Marketers and admins may change; everyone with a role may look.</summary>
public sealed class ImportService(
    IDbContextFactory<AppDbContext> contexts, ImportViews list, UploadStore uploads, JobService jobs, SettingsService settings, ImportKindList kinds,
    IOptions<ImportOptions> options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim starting = new(1, 1);

    /// <summary>Takes a file to the disk and writes it down; nothing is read from it yet.</summary>
    /// <param name="actor">Who brings it.</param>
    /// <param name="fileName">As the sender calls it.</param>
    /// <param name="content">The file.</param>
    /// <param name="cancellationToken">Stops the upload; nothing stays.</param>
    /// <param name="kind">What it holds, one of <see cref="ImportKindList.Names"/>; null takes the first.</param>
    /// <param name="as">The import's id, for a caller that may try again; null makes one.</param>
    public async Task<Outcome<Guid>> UploadAsync(
        Actor actor, string fileName, Stream content, CancellationToken cancellationToken, string? kind = null, Guid? @as = null)
    {
        if ((Refuse(actor) ?? (kind is null ? null : kinds.Unknown(kind))) is { } refused)
            return refused;
        var id = @as ?? Guid.CreateVersion7(time.GetUtcNow());
        var saved = await uploads.SaveAsync(id, null, content, cancellationToken);
        if (!saved.Succeeded)
            return saved.Failure;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.ImportRuns.Add(new ImportRun
        {
            Id = id,
            Kind = kind ?? kinds.First,
            FileName = NameOf(fileName),
            SizeBytes = saved.Value.Bytes,
            Sha256 = saved.Value.Sha256,
            ExperimentId = Guid.CreateVersion7(time.GetUtcNow()),
            UploadedById = actor.Id,
            UploadedByName = actor.Name,
            UploadedAt = time.GetUtcNow().UtcDateTime,
        });
        await context.SaveChangesAsync(cancellationToken);
        return id;
    }

    /// <summary>Takes a further file of an import that has not started, where its kind is made of several.</summary>
    public async Task<Outcome> AddFileAsync(Actor actor, Guid id, string fileName, Stream content, CancellationToken cancellationToken)
    {
        if ((Refuse(actor) ?? await RefuseFileAsync(id, cancellationToken)) is { } refused)
            return refused;
        var key = Guid.CreateVersion7(time.GetUtcNow());
        var saved = await uploads.SaveAsync(id, key, content, cancellationToken);
        if (!saved.Succeeded)
            return saved.Failure;
        // Two that arrive together must not forget each other.
        await starting.WaitAsync(cancellationToken);
        try
        {
            if (await RefuseFileAsync(id, cancellationToken) is { } late)
            {
                uploads.DeleteFile(id, key);
                return late;
            }

            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var import = await context.ImportRuns.SingleAsync(r => r.Id == id, cancellationToken);
            ImportFile[] more = [.. import.Files().Skip(1), new ImportFile(key, NameOf(fileName), saved.Value.Bytes, saved.Value.Sha256)];
            import.MoreFiles = JsonSerializer.Serialize(more, JsonSerializerOptions.Web);
            await context.SaveChangesAsync(cancellationToken);
            return Outcome.Success;
        }
        finally
        {
            starting.Release();
        }
    }

    private async Task<Failure?> RefuseFileAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await list.FindAsync(id, cancellationToken) is not { } view)
            return Failure.NotFound("The import");
        if (view.State != ImportState.Uploaded)
            return Started();
        var most = kinds.MostOfAny;
        return view.Files.Count < most ? null : Failure.Invalid("file", most == 1 ? "Send one file at a time." : $"An import has at most {most} files.");
    }

    private static string NameOf(string fileName)
    {
        var name = OneLine.Of(Path.GetFileName(fileName.Replace('\\', '/')));
        return name.Length is > 0 and <= 260 ? name : name.Length == 0 ? "upload.csv" : name[^260..];
    }

    private static Failure Started() => Failure.Conflict("import-started", "This import was already started.");

    /// <summary>Whether it may be started, changed or thrown away.</summary>
    internal static bool IsOpen(ImportState state, bool dryRun) =>
        state is ImportState.Uploaded or ImportState.Failed or ImportState.Cancelled or ImportState.Waiting || (dryRun && state == ImportState.Succeeded);

    private static bool IsOpen(ImportView view) => IsOpen(view.State, view.DryRun);

    /// <summary>Says what an upload holds, where that was not known when its file came in.</summary>
    public async Task<Outcome> SayKindAsync(Actor actor, Guid id, string kind, CancellationToken cancellationToken)
    {
        if ((Refuse(actor) ?? kinds.Unknown(kind)) is { } refused)
            return refused;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var changed = await context.ImportRuns.Where(r => r.Id == id && r.JobRunId == null && !r.Published)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.Kind, kind), cancellationToken);
        return changed == 1 ? Outcome.Success : Failure.NotFound("The import");
    }

    /// <summary>How the file is written and what is in it, with a mapping to start from: the last one decided, else a guess.</summary>
    public Task<Outcome<ImportLook>> InspectAsync(Actor actor, Guid id, CancellationToken cancellationToken) =>
        InspectAsync(actor, id, null, cancellationToken);

    /// <summary>The same under an encoding that a person chose; null takes the one decided before, or finds it out.</summary>
    public async Task<Outcome<ImportLook>> InspectAsync(Actor actor, Guid id, string? encoding, CancellationToken cancellationToken)
    {
        if (Refuse(actor) is { } refused)
            return refused;
        if (await list.FindRowAsync(id, cancellationToken) is not { } import)
            return Failure.NotFound("The import");
        var currency = (await settings.GetAsync(cancellationToken)).Currency;
        return await Task.Run<Outcome<ImportLook>>(
            () =>
            {
                try
                {
                    var kind = kinds.Of(import);
                    var decided = import.Mapping is not null && kind.Parse(import.Mapping) is { Succeeded: true } kept ? kept.Value : null;
                    var chosen = encoding ?? decided?.Encoding;
                    var file = FileInspection.Of(uploads.PathOf(import), options.Value, chosen, cancellationToken);
                    // Nothing can be mapped by names alone.
                    if (file is { RowsSeen: 0, Whole: true, AnyFault: false })
                        return Refused(new ImportRefusedException("no-rows", "The file has a header but no rows."));
                    // Columns may be called otherwise under another encoding: what was decided for one is no start for the other.
                    var start = decided is not null && decided.Encoding == chosen ? decided : kind.Guess(file, import.FileName, currency, chosen);
                    return new ImportLook(import.FileName, import.SizeBytes, file, start);
                }
                catch (ImportRefusedException refusal)
                {
                    return Refused(refusal);
                }
            },
            cancellationToken);
    }

    /// <summary>Reads the first rows as the import would, and keeps nothing.</summary>
    public async Task<Outcome<ImportTrial>> TryAsync(Actor actor, Guid id, ImportMapping mapping, CancellationToken cancellationToken)
    {
        if (Refuse(actor) is { } refused)
            return refused;
        if (await list.FindRowAsync(id, cancellationToken) is not { } import)
            return Failure.NotFound("The import");
        var currency = (await settings.GetAsync(cancellationToken)).Currency;
        return await Task.Run<Outcome<ImportTrial>>(
            () =>
            {
                try
                {
                    return kinds.Of(import).Try(mapping, uploads.PathOf(import), currency, cancellationToken);
                }
                catch (ImportRefusedException refusal)
                {
                    return Refused(refusal);
                }
            },
            cancellationToken);
    }

    /// <summary>Checks the mapping against the header and starts the import. A file that is broken itself is the job's to refuse.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The uploaded import.</param>
    /// <param name="mapping">How to read it, of the file's kind; null takes the guess, which must then be complete.</param>
    /// <param name="cancellationToken">Stops the asking, not the job.</param>
    /// <param name="dryRun">Reads and counts all, and writes nothing.</param>
    public async Task<Outcome> StartAsync(Actor actor, Guid id, ImportMapping? mapping, CancellationToken cancellationToken, bool dryRun = false)
    {
        if (Refuse(actor) is { } refused)
            return refused;
        if (await list.FindRowAsync(id, cancellationToken) is { } import)
        {
            var kind = kinds.Of(import);
            if (import.Files().Count > kind.MostFiles)
                return Failure.Invalid("file", "Send one file at a time.");
            if (!dryRun && await kind.RefuseAsync(cancellationToken) is { } closed)
                return closed;
            if (mapping is null && kind.GuessesInJob)
                mapping = kind.Parse(import.Mapping ?? "{}") is { Succeeded: true } kept ? kept.Value : null;
        }

        // The look into the file comes before the lock: others must not wait for how long a file takes.
        if (mapping is null && (await InspectAsync(actor, id, cancellationToken)) is { Succeeded: true } look)
            mapping = look.Value.Mapping;
        var wrong = mapping is null ? null : await CheckAsync(id, mapping, cancellationToken);
        // Two clicks must not start it twice.
        await starting.WaitAsync(cancellationToken);
        try
        {
            if (wrong is not null
                && await list.FindAsync(id, cancellationToken) is { } open && IsOpen(open))
                return wrong;
            return await StartOnceAsync(actor, id, mapping, dryRun, cancellationToken);
        }
        finally
        {
            starting.Release();
        }
    }

    private async Task<Outcome> StartOnceAsync(Actor actor, Guid id, ImportMapping? mapping, bool dryRun, CancellationToken cancellationToken)
    {
        if (await list.FindAsync(id, cancellationToken) is not { } view)
            return Failure.NotFound("The import");
        if (!IsOpen(view))
            return Started();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        // Without one the job says why the file cannot be read.
        var json = mapping?.ToJson() ?? "{}";
        await context.ImportRuns.Where(r => r.Id == id).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.Mapping, json).SetProperty(r => r.DryRun, dryRun).SetProperty(r => r.Questions, "[]").SetProperty(r => r.Findings, (string?)null),
            cancellationToken);
        var run = await jobs.StartAsync(kinds.Of(view.Kind).JobKind, new ImportArguments(id), actor, cancellationToken);
        await context.ImportRuns.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.JobRunId, run), cancellationToken);
        return Outcome.Success;
    }

    /// <summary>Takes somebody's answers to what the import asked, and goes on.</summary>
    /// <param name="actor">Who answers.</param>
    /// <param name="id">The import that waits.</param>
    /// <param name="answers">Choices by the questions' codes.</param>
    /// <param name="cancellationToken">Stops the asking, not the job.</param>
    public async Task<Outcome> AnswerAsync(Actor actor, Guid id, IReadOnlyDictionary<string, string> answers, CancellationToken cancellationToken)
    {
        if (Refuse(actor) is { } refused)
            return refused;
        if (await list.FindRowAsync(id, cancellationToken) is not { } import || await list.FindAsync(id, cancellationToken) is not { } view)
            return Failure.NotFound("The import");
        if (view.State != ImportState.Waiting)
            return Failure.Conflict("import-asks-nothing", "This import asks nothing.");
        var errors = new Dictionary<string, string[]>();
        var known = new Dictionary<string, string>();
        foreach (var (name, answer) in answers)
        {
            if (view.Questions.FirstOrDefault(q => q.Id == name) is not { } question && !IsOnly(name, out question))
                errors[$"answers.{name}"] = [$"The import asks: {string.Join(", ", view.Questions.Select(q => q.Id))}."];
            else if (!question.Takes(answer))
                errors[$"answers.{name}"] = [question.Choices.Count == 0 ? "Answer in 1 to 100 letters." : $"Answer with one of: {string.Join(", ", question.Choices.Select(c => c.Value))}."];
            else
                known[question.Id] = answer;
        }

        if (answers.Count == 0)
            errors["answers"] = [$"Answer: {string.Join(", ", view.Questions.Select(q => q.Id))}."];
        if (errors.Count > 0)
            return Failure.Invalid(errors);
        var kind = kinds.Of(import);
        var mapping = kind.Answer(kind.Parse(import.Mapping ?? "{}").Value, known);
        return await StartAsync(actor, id, mapping, cancellationToken, import.DryRun);

        // Where one question of a code is asked the code alone names it.
        bool IsOnly(string code, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ImportQuestion? question) =>
            (question = view.Questions.Count(q => q.Code == code) == 1 ? view.Questions.Single(q => q.Code == code) : null) is not null;
    }

    /// <summary>Starts to take back all that an import wrote: what stood there before stands there again.</summary>
    public async Task<Outcome> UndoAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Refuse(actor) is { } refused)
            return refused;
        // Two clicks must not start it twice.
        await starting.WaitAsync(cancellationToken);
        try
        {
            if (await list.FindAsync(id, cancellationToken) is not { } view)
                return Failure.NotFound("The import");
            if (!view.CanUndo || !kinds.Of(view.Kind).CanUndo)
                return Failure.Conflict("import-not-to-undo", "Nothing of this import is to be taken back.");
            await jobs.StartAsync(UndoImportJob.Kind, new ImportArguments(id), actor, cancellationToken);
            return Outcome.Success;
        }
        finally
        {
            starting.Release();
        }
    }

    public async Task<Outcome> CancelAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Refuse(actor) is { } refused)
            return refused;
        if (await list.FindAsync(id, cancellationToken) is not { } import)
            return Failure.NotFound("The import");
        return (import.UndoRunId ?? import.JobRunId) is { } run && await jobs.CancelAsync(run, cancellationToken)
            ? Outcome.Success
            : Failure.Conflict("import-not-running", "This import is not running.");
    }

    /// <summary>Throws away an upload that has not become an experiment.</summary>
    public async Task<Outcome> DiscardAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Refuse(actor) is { } refused)
            return refused;
        if (await list.FindAsync(id, cancellationToken) is not { } view)
            return Failure.NotFound("The import");
        if (!IsOpen(view))
            return Started();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.ImportRuns.Where(r => r.Id == id && !r.Published).ExecuteDeleteAsync(cancellationToken);
        uploads.Delete(id);
        return Outcome.Success;
    }

    public void Dispose() => starting.Dispose();

    public static bool MayImport(Actor actor) => actor.IsAny(Roles.Marketer, Roles.Admin);

    private static Failure? Refuse(Actor actor) => MayImport(actor) ? null : Failure.Forbidden("Only marketers and admins may import data.");

    private static Failure Refused(ImportRefusedException refusal) => new(
        FailureKind.Invalid, refusal.Code, refusal.Message, refusal.Detail is null ? null : new Dictionary<string, string[]> { ["detail"] = [refusal.Detail] });

    private async Task<Failure?> CheckAsync(Guid id, ImportMapping mapping, CancellationToken cancellationToken)
    {
        if (await list.FindRowAsync(id, cancellationToken) is not { } import)
            return null;
        var currency = (await settings.GetAsync(cancellationToken)).Currency;
        try
        {
            return kinds.Of(import).Check(mapping, uploads.PathOf(import), currency);
        }
        catch (ImportRefusedException)
        {
            return null;
        }
    }
}
