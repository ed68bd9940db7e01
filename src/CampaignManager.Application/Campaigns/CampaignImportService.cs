using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Notifications;
using CampaignManager.Engine.Offers;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Campaigns;

/// <summary>
/// Brings campaigns in from a file, all of them or none. A campaign is known by its id, else by its name among those that are not over. What is new becomes a draft, a draft is changed;
/// a running campaign can only be asked to last longer or get more budget, which a manager decides, and anything else about it is refused.
/// </summary>
public sealed class CampaignImportService(IDbContextFactory<AppDbContext> contexts, NotificationNotifier notifier, TimeProvider time)
{
    public const int MostCampaigns = 500;

    private static readonly CampaignStatus[] Running = [CampaignStatus.Approved, CampaignStatus.Live, CampaignStatus.Paused];

    /// <summary>What importing would do; changes nothing.</summary>
    public async Task<Outcome<CampaignImportPlan>> PlanAsync(IReadOnlyList<ImportedCampaign> file, Actor actor, CultureInfo culture, RuleNames? names, CancellationToken cancellationToken)
    {
        if (Refuse(file, actor) is { } refused)
            return refused;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await PlanAsync(context, file, actor, culture, names, cancellationToken);
    }

    /// <summary>Does it, in one transaction.</summary>
    /// <param name="stamp">Of the plan that was seen: when importing would do something else by now, it does nothing. Null to do whatever it is.</param>
    public async Task<Outcome<CampaignImportPlan>> ApplyAsync(
        IReadOnlyList<ImportedCampaign> file, string? stamp, Actor actor, CultureInfo culture, RuleNames? names, CancellationToken cancellationToken)
    {
        if (Refuse(file, actor) is { } refused)
            return refused;
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var plan = await PlanAsync(context, file, actor, culture, names, cancellationToken);
        if (!plan.Possible)
            return Failure.Invalid(plan.Campaigns.SelectMany(c => c.Errors).GroupBy(e => e.Key).ToDictionary(g => g.Key, g => g.SelectMany(e => e.Value).ToArray()));
        if (stamp is not null && stamp != plan.Stamp)
            return Failure.Conflict("plan-changed", "The campaigns have changed since this was looked at. Look again.");
        List<PlannedImport> done = [];
        foreach (var item in plan.Campaigns)
        {
            var outcome = await DoAsync(context, item, actor, now, cancellationToken);
            if (!outcome.Succeeded)
                return outcome.Failure;
            done.Add(item with { Id = outcome.Value });
        }

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        context.RingBells(notifier);
        return plan with { Campaigns = done };
    }

    private static Failure? Refuse(IReadOnlyList<ImportedCampaign> file, Actor actor)
    {
        if (!actor.IsAny(Roles.Marketer, Roles.Manager, Roles.Admin))
            return Failure.Forbidden("Only staff make campaigns.");
        return file.Count is 0 or > MostCampaigns ? Failure.Invalid("campaigns", "A file has 1 to 500 campaigns.") : null;
    }

    private static async Task<Outcome<Guid?>> DoAsync(AppDbContext context, PlannedImport item, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (item.Outcome)
        {
            case ImportOutcome.New:
                var added = CampaignService.Add(context, item.Draft!, "imported", null, actor, now);
                return added.Succeeded ? (Guid?)added.Value : added.Failure;
            case ImportOutcome.Changed:
                var change = new DraftChange(item.Id!.Value, item.Version, _ => item.Draft!, "imported", actor) { Reason = "imported" };
                var changed = await CampaignService.ChangeAsync(context, change, now, cancellationToken);
                return changed.Succeeded ? item.Id : changed.Failure;
            case ImportOutcome.Pending:
                foreach (var kind in item.Asks)
                {
                    var asked = await CampaignChangeService.RequestAsync(context, item.Id!.Value, kind, rules => Change(rules, item.Draft!.Rules, kind), actor, now, cancellationToken);
                    if (!asked.Succeeded)
                        return asked.Failure;
                }

                return item.Id;
            default:
                return item.Id;
        }
    }

    private static Outcome<CampaignRules> Change(CampaignRules before, CampaignRules after, CampaignChangeKind kind) => kind == CampaignChangeKind.Extend
        ? after.Schedule.End is { } end ? CampaignChangeService.Extended(before, end) : Failure.Invalid("end", "A last day cannot be taken away.")
        : after.Limits.Budget is { } budget ? CampaignChangeService.ToppedUp(before, budget) : Failure.Invalid("budget", "A budget cannot be taken away.");

    private static async Task<CampaignImportPlan> PlanAsync(
        AppDbContext context, IReadOnlyList<ImportedCampaign> file, Actor actor, CultureInfo culture, RuleNames? names, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(context, file, cancellationToken);
        var ids = known.Select(c => c.Id).ToList();
        var waiting = (await context.CampaignChanges.AsNoTracking().Where(c => ids.Contains(c.CampaignId) && c.State == CampaignChangeState.Pending).ToListAsync(cancellationToken)).ToLookup(c => c.CampaignId);
        HashSet<Guid> met = [];
        HashSet<string> named = new(StringComparer.Ordinal);
        List<PlannedImport> items = [];
        foreach (var entry in file)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"campaigns[{entry.Index}]");
            var candidates = known.Where(c => c.Id == entry.Id).ToList();
            if (candidates.Count == 0 && entry.Draft is { } draft)
                candidates = [.. known.Where(c => c.Name == draft.Name?.Trim() && c.Status is not (CampaignStatus.Ended or CampaignStatus.Archived))];
            var match = candidates.Count == 1 ? candidates[0] : null;
            var errors = ErrorsOf(entry, path);
            if (candidates.Count > 1)
                errors.Add(new RuleError(path + ".name", "import-names", "Several campaigns have this name. Send the id of the one that is meant.", []));
            else if (match is not null && !met.Add(match.Id))
                errors.Add(new RuleError(path, "import-twice", "The campaign stands in the file before.", []));
            else if (match is null && entry.Draft is { Name: { } name } && !named.Add(name.Trim()))
                errors.Add(new RuleError(path + ".name", "import-twice", "The campaign stands in the file before.", []));
            var planned = Plan(entry, path, match, errors, match is null ? [] : [.. waiting[match.Id]], actor, new ImportWords(culture, names));
            items.Add(planned);
        }

        var told = string.Join('\n', items.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Index}|{i.Id}|{i.Outcome}|{i.Version}|{i.Status}|{string.Join(',', i.Asks)}")));
        return new CampaignImportPlan(items, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told)))[..16]);
    }

    private static PlannedImport Plan(
        ImportedCampaign entry, string path, Campaign? match, List<RuleError> errors, IReadOnlyList<CampaignChange> waiting, Actor actor, ImportWords words)
    {
        var name = entry.Draft?.Name?.Trim() ?? match?.Name ?? "";
        if (entry.Draft is not { } draft || errors.Count > 0)
            return new PlannedImport(entry.Index, name, match?.Id, ImportOutcome.Refused, match?.Status, [], errors);
        if (match is null)
            return new PlannedImport(entry.Index, name, null, ImportOutcome.New, null, [], errors) { Draft = draft };
        var before = RulesJson.Read(match.RulesJson);
        var changes = words.Changes(match, before, draft);
        var item = new PlannedImport(entry.Index, name, match.Id, ImportOutcome.Unchanged, match.Status, changes, errors) { Version = match.Version, Draft = draft };
        // What words leave out counts too: two rules that read alike may still differ.
        if (changes.Count == 0 && RulesJson.Write(before) == RulesJson.Write(draft.Rules))
            return item;
        return Running.Contains(match.Status) ? PlanRunning(item, path, match, before, waiting, actor)
            : CampaignLifecycle.Check(CampaignAction.Edit, match.Status, CampaignView.StakeOf(match), actor) is { } refused ? Refused(item, path, refused)
            : item with { Outcome = ImportOutcome.Changed };
    }

    private static PlannedImport PlanRunning(PlannedImport item, string path, Campaign match, CampaignRules before, IReadOnlyList<CampaignChange> waiting, Actor actor)
    {
        var after = item.Draft!.Rules;
        var allowed = before with { Schedule = before.Schedule with { End = after.Schedule.End }, Limits = before.Limits with { Budget = after.Limits.Budget } };
        var other = item.Changes.Select(c => c.Path).Where(p => p is not ("schedule.end" or "limits.budget")).ToList();
        if (other.Count > 0 || RulesJson.Write(allowed) != RulesJson.Write(after))
        {
            const string Sentence = "A campaign that has been approved only changes its last day and its budget. Duplicate it to change more.";
            return item with { Outcome = ImportOutcome.Refused, Problems = [.. other.DefaultIfEmpty("").Select(p => new RuleError(p == "" ? path : $"{path}.{p}", "import-running", Sentence, []))] };
        }

        if (CampaignLifecycle.Check(CampaignAction.RequestChange, match.Status, CampaignView.StakeOf(match), actor) is { } refused)
            return Refused(item, path, refused);
        List<CampaignChangeKind> asks = [];
        foreach (var kind in item.Changes.Select(c => c.Path == "schedule.end" ? CampaignChangeKind.Extend : CampaignChangeKind.TopUp))
        {
            var changed = Change(before, after, kind);
            var field = kind == CampaignChangeKind.Extend ? "schedule.end" : "limits.budget";
            if (!changed.Succeeded)
                return item with { Outcome = ImportOutcome.Refused, Problems = [new RuleError($"{path}.{field}", "import-" + changed.Failure.Code, changed.Failure.Message, [])] };
            var asked = waiting.FirstOrDefault(w => w.Kind == kind);
            if (asked is null)
                asks.Add(kind);
            else if (kind == CampaignChangeKind.Extend ? new LocalMoment(asked.NewEnd!.Value, asked.NewEndTime) != after.Schedule.End : asked.NewBudgetMinor != CampaignColumns.Of(after).BudgetMinor)
                return item with { Outcome = ImportOutcome.Refused, Problems = [new RuleError($"{path}.{field}", "import-change-pending", "Another such change is waiting for a decision already.", [])] };
        }

        return item with { Outcome = ImportOutcome.Pending, Asks = asks };
    }

    private static PlannedImport Refused(PlannedImport item, string path, Failure why) =>
        item with { Outcome = ImportOutcome.Refused, Problems = [new RuleError(path, "import-" + why.Code, why.Message, [])] };

    private static List<RuleError> ErrorsOf(ImportedCampaign entry, string path)
    {
        List<RuleError> errors = [.. (entry.Errors ?? new Dictionary<string, string[]>()).SelectMany(e => e.Value.Select(sentence => new RuleError(e.Key is "" or "$" ? path : $"{path}.{e.Key}", "import-unreadable", sentence, [])))];
        errors.AddRange((entry.Draft?.Check() ?? []).Select(e => e with { Path = $"{path}.{e.Path}" }));
        return errors;
    }

    private static async Task<List<Campaign>> KnownAsync(AppDbContext context, IReadOnlyList<ImportedCampaign> file, CancellationToken cancellationToken)
    {
        var ids = file.Select(f => f.Id).OfType<Guid>().Distinct().ToList();
        var names = file.Select(f => f.Draft?.Name?.Trim()).OfType<string>().Distinct().ToList();
        return await context.Campaigns.AsNoTracking().Where(c => ids.Contains(c.Id) || names.Contains(c.Name)).OrderBy(c => c.CreatedAt).ThenBy(c => c.Id).ToListAsync(cancellationToken);
    }
}

/// <summary>The differences of an import in the reader's language.</summary>
internal sealed class ImportWords(CultureInfo culture, RuleNames? names)
{
    public IReadOnlyList<ImportChange> Changes(Campaign before, CampaignRules rules, CampaignDraft after)
    {
        List<ImportChange> changes = [];
        Add("name", Pick("Name", "名称"), before.Name, after.Name.Trim());
        Add("note", Pick("Note", "备注"), before.Note ?? "", after.Note ?? "");
        Add("tags", Pick("Tags", "标签"), before.Tags, string.Join(' ', after.CleanTags));
        changes.AddRange(RulesDiff.Between(rules, after.Rules, culture, names).Select(c => new ImportChange(c.Path, c.Label, c.Before, c.After)));
        return changes;

        void Add(string path, string label, string old, string fresh)
        {
            if (old != fresh)
                changes.Add(new ImportChange(path, label, old, fresh));
        }
    }

    private string Pick(string english, string chinese) => culture.TwoLetterISOLanguageName == "zh" ? chinese : english;
}
