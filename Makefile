# make run     the demonstration, from a fresh checkout       make help     all targets
.DEFAULT_GOAL := help
.PHONY: help run test check story bench-uplink chaos-uplink bench-vitals bench-console bench-decision \
<<<<<<< HEAD
	bench-relocation bench-eta bench-tablet bench-video soak-video bench-export conformance messages lock clean
=======
	bench-relocation bench-eta bench-tablet bench-export bench-handover conformance messages lock clean
>>>>>>> main
PYTHON ?= python3
VENV := .venv/bin
LOCK := $(VENV)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate \
	--no-header --python-version 3.11 --only-binary :all: $(if $(UPGRADE),--upgrade)

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 22

run:  ## Start the demonstration (CITY=extract.osm.pbf for a real city, PORT=9000)
	@$(PYTHON) config/setup.py run
	@exec env ONBOARD_DIE_WITH_PARENT=$$PPID $(if $(PORT),ONBOARD_PORT="$(PORT)") \
		$(if $(CITY),ONBOARD_CITY="$(CITY)") $(VENV)/python manage.py up --demo

test:  ## Set up and run every test (ARGS='-k on_board' for some)
	@$(PYTHON) config/setup.py test
	@$(VENV)/python tests/everything.py $(ARGS)

check: ## Lint, types, import contracts, missing migrations, front-end tests
	@$(PYTHON) config/setup.py test
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy .
	$(VENV)/lint-imports
	$(VENV)/python manage.py makemigrations --check --dry-run
	$(VENV)/python tests/everything.py front-end

story:  ## Play one patient from ring to handover in real browsers
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.stories.ring_to_handover

bench-uplink:  ## What a frame costs, beside a server that only echoes; 1,000 vehicles at 1 Hz
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.uplink

chaos-uplink:  ## Break everything between 50 vehicles and the database; nothing may be lost (ARGS)
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.chaos $(ARGS)

bench-vitals:  ## From the vehicle to the pixels, beside 200 vehicles
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.vitals $(ARGS)

bench-decision:  ## Road times and recommendations for 1,000 units, from the key to the screen (ARGS)
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.decision $(ARGS)

bench-console:  ## A console with 1,000 units at 1 Hz: frames and what blocks them (ARGS=--plain)
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.console $(ARGS)

bench-relocation:  ## Where ambulances wait, over 60,000 calls of a region (ARGS='--region DIR')
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.relocation $(ARGS)

bench-eta:  ## What learning from tracks makes of estimates, on real trips (ARGS)
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.eta $(ARGS)

bench-tablet:  ## The tablet without a network: opened, killed, sent (ARGS='--work 4000')
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.tablet $(ARGS)

bench-export:  ## A full record in every standard and as PDF: milliseconds and memory (ARGS)
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.export $(ARGS)

<<<<<<< HEAD
bench-video:  ## From a camera to the pixels of a wall, a cut, the record, and a full hub (ARGS)
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.video $(ARGS)

soak-video:  ## The memory of hub and pages over half an hour (ARGS='--minutes 5')
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.video_soak $(ARGS)
=======
bench-handover:  ## From on board to 40 ED screens, and 1,000 patients to a hospital's system (ARGS)
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.handover $(ARGS)
>>>>>>> main

conformance:  ## Count what comes out right of the official material of NEMSIS and FHIR
	@$(PYTHON) config/setup.py test
	@$(VENV)/python -m tests.benchmarks.conformance

messages:  ## Collect the strings to translate into locale/
	@$(PYTHON) config/setup.py test
	$(VENV)/python manage.py makemessages --locale zh_Hans --no-obsolete --no-wrap \
		--add-location file --ignore 'static/*' --ignore 'node_modules/*' --ignore '.venv/*' \
		--ignore 'tests/*'
	$(VENV)/python manage.py makemessages --domain djangojs --locale zh_Hans --no-obsolete \
		--no-wrap --add-location file --ignore 'static/vendor/*' --ignore 'node_modules/*' \
		--ignore '.venv/*'

lock:  ## Resolve the locked requirements anew (UPGRADE=1 for newer versions)
	@$(PYTHON) config/setup.py test
	for name in agent server dev; do \
		$(LOCK) requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done
	$(VENV)/npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:  ## Remove everything that was made here, the demonstration's data included
	rm -rf .venv node_modules static/vendor .state .state-test staticfiles
	find locale -name '*.mo' -delete 2>/dev/null || true
