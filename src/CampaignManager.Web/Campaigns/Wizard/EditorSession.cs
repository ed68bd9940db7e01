using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Web.Campaigns.Wizard;

public enum SaveState
{
    /// <summary>All that is typed is stored.</summary>
    Saved,

    /// <summary>Something was typed that waits for a pause, or for the save under way.</summary>
    Waiting,

    /// <summary>Somebody else has saved since: nothing is stored until a person decides.</summary>
    Stale,

    /// <summary>It could not be stored: tried again with the next input.</summary>
    Failed,
}

/// <summary>
/// One sitting at the editor: the form, the draft's version it stands on, what can be undone, and the saving that follows the typing. A pause of
/// <see cref="Pause"/> after the last input saves; saves follow one another, never overlap.
/// </summary>
public sealed class EditorSession(DraftAutosave drafts, TimeProvider time, Actor actor, string untitled) : IAsyncDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int MostUndo = 100;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Stack<string> undo = new(), redo = new();
    private readonly CampaignRules usual = new();
    private CampaignRules stored = new();
    private Guid sitting = Guid.NewGuid();
    private readonly HashSet<WizardStep> left = [];
    private ITimer? timer;
    private string storedForm = "", typed = "";
    private bool ended;

    public CampaignForm Form { get; private set; } = new();

    public Guid? Id { get; private set; }

    public int Version { get; private set; }

    public WizardStep Step { get; set; }

    public SaveState State { get; private set; } = SaveState.Saved;

    public Failure? Failure { get; private set; }

    public DateTimeOffset? SavedAt { get; private set; }

    public bool CanUndo => undo.Count > 0 || Form.Snapshot() != typed;

    public bool CanRedo => redo.Count > 0;

    public IReadOnlyList<RuleError> Errors { get; private set; } = [];

    /// <summary>What is wrong and may be said: a name that was never asked for is not missed yet.</summary>
    public IReadOnlyList<RuleError> VisibleErrors => [.. Errors.Where(e => e.Code != "name-missing" || left.Contains(WizardStep.Details))];

    /// <summary>How the clock's saves come to where the form is written: forms are no place for two threads.</summary>
    public Func<Func<Task>, Task> Dispatch { get; set; } = work => work();

    /// <summary>After every change of the above.</summary>
    public event Action? Changed;

    /// <summary>Starts on a form that is stored, or on a new one that is not worth a row yet.</summary>
    public void Begin(CampaignForm form, CampaignRules rules, Guid? id, int version)
    {
        (Form, stored, Id, Version, sitting) = (form, rules, id, version, Guid.NewGuid());
        (storedForm, State, Failure, SavedAt) = (typed = form.Snapshot(), SaveState.Saved, null, null);
        Errors = form.Check();
        undo.Clear();
        redo.Clear();
        left.Clear();
        // A draft that comes back was looked at before: it may be told what it lacks.
        left.UnionWith(id is null ? [] : WizardSteps.All);
    }

    /// <summary>Something was typed. Choosing a type alone is looking around: the draft is made with the first input beyond it.</summary>
    public void Touch()
    {
        Errors = Form.Check();
        if (Id is null && Step == WizardStep.Type)
        {
            typed = Form.Snapshot();
            Changed?.Invoke();
            return;
        }

        if (State != SaveState.Stale)
            State = SaveState.Waiting;
        timer ??= time.CreateTimer(_ => _ = Dispatch(FlushAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(Pause, Timeout.InfiniteTimeSpan);
        Changed?.Invoke();
    }

    public void Undo()
    {
        Settle();
        if (!undo.TryPop(out var before))
            return;
        redo.Push(typed);
        Restore(before);
    }

    public void Redo()
    {
        Settle();
        if (!redo.TryPop(out var after))
            return;
        undo.Push(typed);
        Restore(after);
    }

    /// <summary>Stores what is typed now; true when all of it is stored.</summary>
    public async Task<bool> FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            Settle();
            while (!ended && State != SaveState.Stale && typed != storedForm)
            {
                if (!await StoreAsync())
                    break;
            }

            return State == SaveState.Saved;
        }
        finally
        {
            turn.Release();
            Changed?.Invoke();
        }
    }

    /// <summary>Opens another step; what was typed is stored first, so that the next step finds it.</summary>
    public async Task OpenAsync(WizardStep step)
    {
        if (step == Step)
            return;
        left.Add(Step);
        Step = step;
        if (typed != storedForm || Form.Snapshot() != typed)
            await FlushAsync();
        if (Id is { } id && State == SaveState.Saved)
            await drafts.KeepStepAsync(id, step.Key(), CancellationToken.None);
    }

    /// <summary>The draft has moved on elsewhere, and this form is to be its newest state all the same.</summary>
    public Task<bool> SaveOverAsync(int newest)
    {
        (Version, State, storedForm) = (newest, SaveState.Waiting, "");
        return FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (timer is not null)
            await timer.DisposeAsync();
        // What was typed a moment ago is not lost with the page.
        if (State is SaveState.Waiting or SaveState.Failed)
            await FlushAsync();
        ended = true;
        turn.Dispose();
    }

    /// <summary>What was typed since the last pause becomes one step that can be undone.</summary>
    private void Settle()
    {
        var now = Form.Snapshot();
        if (now == typed)
            return;
        if (undo.Count >= MostUndo)
            Forget();
        undo.Push(typed);
        redo.Clear();
        typed = now;
    }

    private void Forget()
    {
        var kept = undo.Take(MostUndo - 1).Reverse().ToList();
        undo.Clear();
        kept.ForEach(undo.Push);
    }

    private void Restore(string snapshot)
    {
        Form = CampaignForm.Read(snapshot) ?? Form;
        typed = snapshot;
        Touch();
    }

    private async Task<bool> StoreAsync()
    {
        var storing = typed;
        var errors = Form.Check();
        var draft = new TypedDraft(Form.ToDraft(), storing, errors.Count == 0, Step.Key());
        var saved = Id is { } id
            ? await drafts.SaveAsync(id, draft, Version, sitting, actor, CancellationToken.None)
            : await drafts.CreateAsync(draft, usual with { Currency = stored.Currency, Schedule = stored.Schedule }, untitled, sitting, actor, CancellationToken.None);
        Failure = saved.Failure;
        if (!saved.Succeeded)
        {
            State = saved.Failure!.Kind == FailureKind.Stale ? SaveState.Stale : SaveState.Failed;
            return false;
        }

        (Id, Version, storedForm, SavedAt) = (saved.Value.Id, saved.Value.Version, storing, time.GetUtcNow());
        Settle();
        State = typed == storedForm ? SaveState.Saved : SaveState.Waiting;
        return true;
    }
}
